import SwarmAPI

/// The words that Docker's API and command line use for the wire's enums.
enum Words {
    static func state(_ state: SwarmTaskState) -> String {
        switch state {
        case .new: "new"
        case .pending: "pending"
        case .assigned: "assigned"
        case .accepted: "accepted"
        case .preparing: "preparing"
        case .ready: "ready"
        case .starting: "starting"
        case .running: "running"
        case .complete: "complete"
        case .shutdown: "shutdown"
        case .failed: "failed"
        case .rejected: "rejected"
        case .remove: "remove"
        case .orphaned: "orphaned"
        case .UNRECOGNIZED(let value): "state-\(value)"
        }
    }

    static func availability(_ value: SwarmNodeSpec.Availability) -> String {
        switch value {
        case .active: "active"
        case .pause: "pause"
        case .drain: "drain"
        case .UNRECOGNIZED(let value): "availability-\(value)"
        }
    }

    static func nodeState(_ value: SwarmNodeStatus.State) -> String {
        switch value {
        case .unknown: "unknown"
        case .down: "down"
        case .ready: "ready"
        case .disconnected: "disconnected"
        case .UNRECOGNIZED(let value): "state-\(value)"
        }
    }

    static func role(_ value: SwarmNodeRole) -> String { value == .manager ? "manager" : "worker" }

    static func reachability(_ value: SwarmRaftMemberStatus.Reachability) -> String {
        switch value {
        case .reachable: "reachable"
        case .unreachable: "unreachable"
        default: "unknown"
        }
    }

    static func condition(_ value: SwarmRestartPolicy.RestartCondition) -> String {
        switch value {
        case .none: "none"
        case .onFailure: "on-failure"
        default: "any"
        }
    }

    static func failureAction(_ value: SwarmUpdateConfig.FailureAction) -> String {
        switch value {
        case .continue: "continue"
        case .rollback: "rollback"
        default: "pause"
        }
    }

    static func order(_ value: SwarmUpdateConfig.UpdateOrder) -> String {
        value == .startFirst ? "start-first" : "stop-first"
    }

    static func updateState(_ value: SwarmUpdateStatus.UpdateState) -> String {
        switch value {
        case .updating: "updating"
        case .paused: "paused"
        case .completed: "completed"
        case .rollbackStarted: "rollback_started"
        case .rollbackPaused: "rollback_paused"
        case .rollbackCompleted: "rollback_completed"
        default: ""
        }
    }

    static func transport(_ value: SwarmPortConfig.ProtocolEnum) -> String {
        switch value {
        case .udp: "udp"
        case .sctp: "sctp"
        default: "tcp"
        }
    }

    static func mode(_ mode: SwarmServiceSpec.OneOf_Mode?) -> String {
        switch mode {
        case .replicated, nil: "replicated"
        case .global: "global"
        case .replicatedJob: "replicated job"
        case .globalJob: "global job"
        }
    }

    /// The word with a capital first letter.
    static func title(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }

    /// An id as lists show it.
    static func short(_ id: String, whole: Bool = false) -> String { whole ? id : String(id.prefix(12)) }

    /// A task's name: `web.1`, or `web.NODE` where there are no slots.
    static func taskName(_ task: SwarmTask) -> String {
        let service = task.serviceAnnotations.name.isEmpty ? task.serviceID : task.serviceAnnotations.name
        if service.isEmpty { return task.annotations.name }
        return "\(service).\(task.slot > 0 ? "\(task.slot)" : task.nodeID)"
    }
}
