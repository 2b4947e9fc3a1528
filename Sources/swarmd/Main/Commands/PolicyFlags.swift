import ArgumentParser
import SwarmAPI
import SwiftProtobuf

/// The flags on restarting, updating and placing that `service create` and `service update` share.
struct PolicyFlags: ParsableArguments {
    @Option(help: "Restart when: none, on-failure or any.")
    var restartCondition: String?
    @Option(help: "Delay between restarts, as in 5s.")
    var restartDelay: String?
    @Option(parsing: .unconditional, help: "Most restarts before giving up.")
    var restartMaxAttempts: String?
    @Option(help: "Window in which restarts are counted.")
    var restartWindow: String?

    @Option(parsing: .unconditional, help: "Most tasks updated at once; 0 for all.")
    var updateParallelism: String?
    @Option(help: "Delay between updates.")
    var updateDelay: String?
    @Option(help: "Update order: start-first or stop-first.")
    var updateOrder: String?
    @Option(help: "When an update fails: pause, continue or rollback.")
    var updateFailureAction: String?
    @Option(help: "Time for which a new task is watched for failure.")
    var updateMonitor: String?
    @Option(parsing: .unconditional, help: "Share of failures that an update bears, as in 0.25.")
    var updateMaxFailureRatio: String?

    @Option(parsing: .unconditional, help: "Most replicas on one node; 0 for no limit.")
    var replicasMaxPerNode: String?
    @Option(help: "Endpoint mode: vip or dnsrr.")
    var endpointMode: String?

    func apply(to spec: inout SwarmServiceSpec) throws(CommandError) {
        try self.applyRestart(&spec.task)
        try self.applyUpdate(&spec)
        if let text = self.replicasMaxPerNode {
            spec.task.placement.maxReplicas = try Units.count(text, flag: "--replicas-max-per-node")
        }
        if let text = self.endpointMode {
            spec.endpoint.mode = try Units.choice(
                text,
                flag: "--endpoint-mode",
                among: [("vip", .vip), ("dnsrr", .dnsrr)]
            )
        }
    }

    /// Where the spec has no policy yet, what is not given is SwarmKit's default (`api/defaults/service.go`):
    /// on the wire an absent field would mean the enum's zero, which is another policy.
    private func applyRestart(_ spec: inout SwarmTaskSpec) throws(CommandError) {
        let given = [self.restartCondition, self.restartDelay, self.restartMaxAttempts, self.restartWindow]
        guard given.contains(where: { $0 != nil }) else { return }
        if !spec.hasRestart {
            spec.restart = .with {
                $0.condition = .any
                $0.delay = Duration.seconds(5).protobuf
            }
        }
        if let text = self.restartCondition {
            spec.restart.condition = try Units.choice(
                text,
                flag: "--restart-condition",
                among: [("none", .none), ("on-failure", .onFailure), ("any", .any)]
            )
        }
        if let text = self.restartDelay {
            spec.restart.delay = try Units.span(text, flag: "--restart-delay").protobuf
        }
        if let text = self.restartMaxAttempts {
            spec.restart.maxAttempts = try Units.count(text, flag: "--restart-max-attempts")
        }
        if let text = self.restartWindow {
            spec.restart.window = try Units.span(text, flag: "--restart-window").protobuf
        }
    }

    private func applyUpdate(_ spec: inout SwarmServiceSpec) throws(CommandError) {
        let given = [
            self.updateParallelism, self.updateDelay, self.updateOrder, self.updateFailureAction,
            self.updateMonitor, self.updateMaxFailureRatio,
        ]
        guard given.contains(where: { $0 != nil }) else { return }
        if !spec.hasUpdate {
            spec.update = .with {
                $0.parallelism = 1
                $0.monitor = Duration.seconds(5).protobuf
            }
        }
        if let text = self.updateParallelism {
            spec.update.parallelism = try Units.count(text, flag: "--update-parallelism")
        }
        if let text = self.updateDelay {
            spec.update.delay = try Units.span(text, flag: "--update-delay").protobuf
        }
        if let text = self.updateOrder {
            spec.update.order = try Units.choice(
                text,
                flag: "--update-order",
                among: [("start-first", .startFirst), ("stop-first", .stopFirst)]
            )
        }
        if let text = self.updateFailureAction {
            spec.update.failureAction = try Units.choice(
                text,
                flag: "--update-failure-action",
                among: [("pause", .pause), ("continue", .continue), ("rollback", .rollback)]
            )
        }
        if let text = self.updateMonitor {
            spec.update.monitor = try Units.span(text, flag: "--update-monitor").protobuf
        }
        if let text = self.updateMaxFailureRatio {
            spec.update.maxFailureRatio = try Units.ratio(text, flag: "--update-max-failure-ratio")
        }
    }
}
