import SwarmAPI
import SwiftProtobuf

/// What an absent part of a service's spec means (SwarmKit `api/defaults/service.go`).
///
/// Specs are stored as they came; only an answer with `insert_defaults` is filled in.
enum ServiceDefaults {
    static let stopGracePeriod = Duration.seconds(10)
    static let restartDelay = Duration.seconds(5)
    static let monitor = Duration.seconds(5)

    /// `spec` with every absent part filled in.
    static func inserted(into spec: SwarmServiceSpec) -> SwarmServiceSpec {
        var spec = spec
        if case .container(var container)? = spec.task.runtime {
            if !container.hasStopGracePeriod { container.stopGracePeriod = Self.stopGracePeriod.protobuf }
            if !container.hasPullOptions { container.pullOptions = .init() }
            if !container.hasDnsConfig { container.dnsConfig = .init() }
            spec.task.container = container
        }
        if !spec.task.hasResources { spec.task.resources = .init() }
        if !spec.task.hasRestart { spec.task.restart.condition = .any }
        if !spec.task.restart.hasDelay { spec.task.restart.delay = Self.restartDelay.protobuf }
        if !spec.task.hasPlacement { spec.task.placement = .init() }
        if !spec.hasUpdate { spec.update = Self.update }
        if !spec.update.hasMonitor { spec.update.monitor = Self.monitor.protobuf }
        if !spec.hasRollback { spec.rollback = Self.update }
        if !spec.rollback.hasMonitor { spec.rollback.monitor = Self.monitor.protobuf }
        return spec
    }

    private static var update: SwarmUpdateConfig {
        .with {
            $0.failureAction = .pause
            $0.monitor = Self.monitor.protobuf
            $0.parallelism = 1
            $0.order = .stopFirst
        }
    }
}
