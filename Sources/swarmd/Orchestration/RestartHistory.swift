import Primitives
import SwarmAPI

/// How a service asks for its tasks to be restarted, with SwarmKit's defaults filled in.
struct RestartRule: Sendable, Equatable {
    /// What SwarmKit waits before a restart where a service does not say (`api/defaults/service.go`).
    static let defaultDelay = Duration.seconds(5)

    let condition: SwarmRestartPolicy.RestartCondition
    let delay: Duration
    /// 0 is without limit.
    let maxAttempts: UInt64
    /// The time in which attempts are counted; nil is for ever.
    let window: Duration?

    init(_ spec: SwarmTaskSpec) {
        let policy = spec.restart
        self.condition = spec.hasRestart ? policy.condition : .any
        self.delay = spec.hasRestart && policy.hasDelay ? Duration(policy.delay) : Self.defaultDelay
        self.maxAttempts = policy.maxAttempts
        let window = Duration(policy.window)
        self.window = window > .zero ? window : nil
    }

    /// Whether a task that ended as `task` did is followed by another, however many there were before.
    func permitsRestart(of task: SwarmTask) -> Bool {
        switch self.condition {
        case .none: false
        case .onFailure: task.status.state != .complete
        case .any, .UNRECOGNIZED: !(task.isOfJob && task.status.state == .complete)
        }
    }
}

/// What restarts are counted for: one version of a service, and one run of a job.
struct RestartEra: Sendable, Equatable {
    private let specVersion: UInt64
    private let iteration: UInt64

    init(_ task: SwarmTask) {
        self.specVersion = task.specVersion.index
        self.iteration = task.jobIteration.index
    }
}

/// The restarts at one place in one era of its service.
struct RestartHistory: Sendable, Equatable {
    let era: RestartEra
    private var total: UInt64 = 0
    /// When the restarts took place, oldest first; kept only where a window counts them.
    private var moments: [Timestamp] = []

    init(era: RestartEra) { self.era = era }

    mutating func record(at moment: Timestamp, rule: RestartRule) {
        self.total += 1
        guard let window = rule.window else { return }
        self.moments.removeAll { $0 + window < moment }
        self.moments.append(moment)
    }

    /// Whether one more restart stays within `rule`, seen from `task`'s end.
    ///
    /// Restarts that came after the end of the task do not count: they are not of its past.
    func permits(restartOf task: SwarmTask, rule: RestartRule) -> Bool {
        guard let window = rule.window else { return self.total < rule.maxAttempts }
        let end = task.statusMoment
        let recent = self.moments.count { $0 < end && end < $0 + window }
        return UInt64(recent) < rule.maxAttempts
    }
}
