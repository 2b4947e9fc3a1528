import Primitives
import SwarmAPI

/// How a service asks for its tasks to be replaced, with SwarmKit's defaults filled in
/// (`api/defaults/service.go`).
struct UpdateRule: Sendable, Equatable {
    static let defaultMonitor = Duration.seconds(5)
    /// How long a new task may take to run before it counts as failed.
    ///
    /// SwarmKit waits for ever.
    static let defaultDeadline = Duration.seconds(600)
    /// The label of a service that sets another deadline; `0s` is none.
    static let deadlineLabel = "swarmd.update.progress-deadline"

    /// Whether the service is on its way back to the spec before.
    let isRollback: Bool
    /// How many tasks are replaced at a time; nil for all.
    let parallelism: Int?
    let delay: Duration
    /// How long a new task is watched after it runs.
    let monitor: Duration
    let action: SwarmUpdateConfig.FailureAction
    let greatestFailureRatio: Float
    let isStartFirst: Bool
    /// nil for none.
    let deadline: Duration?

    init(_ service: SwarmService) {
        let spec = service.spec
        self.isRollback = [.rollbackStarted, .rollbackPaused].contains(service.updateStatus.state)
        let isGiven = self.isRollback ? spec.hasRollback : spec.hasUpdate
        let config = self.isRollback ? spec.rollback : spec.update
        let parallelism = isGiven ? config.parallelism : 1
        self.parallelism = parallelism == 0 ? nil : Int(clamping: parallelism)
        self.delay = Duration(config.delay)
        let monitor = config.hasMonitor ? Duration(config.monitor) : Self.defaultMonitor
        // A task has to be watched for longer than the pause after it, or its failure came too late.
        let isShort = monitor > .zero && self.delay > .zero && self.delay >= monitor
        self.monitor = isShort ? self.delay + .seconds(1) : monitor
        self.action = config.failureAction
        self.greatestFailureRatio = config.maxFailureRatio
        self.isStartFirst = config.order == .startFirst
        let label = spec.annotations.labels[Self.deadlineLabel].flatMap(Duration.init(label:))
        let deadline = label ?? Self.defaultDeadline
        self.deadline = deadline > .zero ? deadline : nil
    }
}
