import GRPCCore
import Orchestration
import SwarmAPI

/// Whether a service's spec can be taken (SwarmKit `controlapi/service.go`, `validateServiceSpec`).
///
/// Pure: what needs the store (references, port conflicts) is in `ReferenceValidation` and `PortConflict`.
enum ServiceSpecValidation {
    /// The most tasks of one service; each takes some two kilobytes of every manager's memory.
    static let mostReplicas: UInt64 = 1_000_000

    static func check(_ spec: SwarmServiceSpec) throws(RPCError) {
        try NameValidation.checkDNS(spec.annotations.name)
        try TaskSpecValidation.check(spec.task, of: spec.annotations)
        try Self.checkMode(spec.mode)
        if spec.isJob {
            if spec.hasUpdate { throw .invalid("Jobs may not have an update config") }
            if spec.hasRollback { throw .invalid("Jobs may not have a rollback config") }
        } else if spec.hasUpdate {
            try Self.check(spec.update, "update")
        }
        if spec.hasRollback { try Self.check(spec.rollback, "rollback") }
        if spec.hasEndpoint { try EndpointValidation.check(spec.endpoint) }
        if let fault = JobSchedule.fault(in: spec) ?? PaceLabels.fault(in: spec) {
            throw .invalid("labels: \(fault)")
        }
    }

    /// Refuses what SwarmKit takes and this version cannot run, before it waits for ever.
    static func checkAvailable(_ spec: SwarmServiceSpec) throws(RPCError) {
        if case .generic? = spec.task.runtime {
            throw .unimplemented("runtime: generic runtimes are not available yet")
        }
    }

    /// Counts are unsigned on the wire; what a client made from a negative number is refused.
    private static func checkMode(_ mode: SwarmServiceSpec.OneOf_Mode?) throws(RPCError) {
        switch mode {
        case .replicated(let service)?:
            guard Int64(bitPattern: service.replicas) >= 0 else {
                throw .invalid("Number of replicas must be non-negative")
            }
            guard service.replicas <= Self.mostReplicas else {
                throw .invalid(
                    "replicas: \(service.replicas) is more than \(Self.mostReplicas), the most of one service"
                )
            }
        case .replicatedJob(let job)?:
            guard Int64(bitPattern: job.maxConcurrent) >= 0 else {
                throw .invalid("Maximum concurrent jobs must not be negative")
            }
            guard Int64(bitPattern: job.totalCompletions) >= 0 else {
                throw .invalid("Total completed jobs must not be negative")
            }
        case .global?, .globalJob?: return
        case nil: throw .invalid("Unrecognized service mode")
        }
    }

    /// SwarmKit checks `update` only; a rollback obeys the same limits and would fail later.
    private static func check(_ config: SwarmUpdateConfig, _ field: String) throws(RPCError) {
        if config.hasDelay { try DurationValidation.check(config.delay, "TaskSpec: \(field)-delay") }
        if config.hasMonitor { try DurationValidation.check(config.monitor, "TaskSpec: \(field)-monitor") }
        guard (0...1).contains(config.maxFailureRatio) else {
            throw .invalid(
                "TaskSpec: \(field)-maxfailureratio cannot be less than 0 or bigger than 1"
            )
        }
    }
}

extension SwarmServiceSpec {
    /// Whether tasks run to an end instead of being kept running.
    var isJob: Bool {
        switch self.mode {
        case .replicatedJob?, .globalJob?: true
        case .replicated?, .global?, nil: false
        }
    }
}
