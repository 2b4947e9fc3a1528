import Dispatch

/// Threads for work that may take long at a time: plans for a hundred thousand tasks, and what follows their
/// changes.
///
/// The threads that Swift shares out are as many as there are processors. Two plans at once would take all of
/// them, and no request would be answered meanwhile, nor a message of the group; on threads of their own they
/// only take their part of the processors.
final class PlanningExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "swarmd.planning", qos: .utility, attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.async { @Sendable in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
