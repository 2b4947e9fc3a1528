package import NIOCore
import NIOPosix
import Synchronization

/// Runs tasks on the thread of an event loop, so that a call never changes threads between its socket and
/// its handler.
///
/// Each change would cost a wake-up of another thread, more than most handlers do. Nothing that runs here may
/// take long: the loop's connections wait for it, so long work goes to the `globalConcurrentExecutor`.
package final class LoopExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        /// Whether the loop is going to run them.
        var isScheduled = false
        /// Since when jobs followed jobs without a look at the sockets; nil while they do not.
        var busySince: NIODeadline?

        /// What follows the jobs that were run.
        mutating func next() -> Next {
            self.isScheduled = !self.jobs.isEmpty
            guard self.isScheduled else {
                self.busySince = nil
                return .nothing
            }
            let now = NIODeadline.now()
            let since = self.busySince ?? now
            let isPatient = now - since < LoopExecutor.patience
            self.busySince = isPatient ? since : nil
            return isPatient ? .goOn : .pause
        }
    }

    private enum Next { case nothing, goOn, pause }

    /// How long jobs that follow jobs keep the loop from its sockets.
    private static let patience = TimeAmount.milliseconds(1)
    /// What the loop takes for a pause, in which it looks at its sockets.
    private static let pause = TimeAmount.microseconds(20)

    /// The loop, for what listens or connects.
    package let loop: any EventLoop
    private let state = Mutex(State())

    /// Runs tasks on the next one of the process's loops, of which there are as many as processors.
    package init() { self.loop = MultiThreadedEventLoopGroup.singleton.next() }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = self.state.withLock { state in
            state.jobs.append(job)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { self.loop.execute(self.run) }
    }

    /// Runs what waits, and then what came meanwhile.
    ///
    /// A loop goes on with its tasks until there are none, and does not look at its sockets before; one that is due
    /// in a moment makes it do so.
    @Sendable private func run() {
        let jobs = self.state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
        for job in jobs { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        switch self.state.withLock({ $0.next() }) {
        case .nothing: break
        case .goOn: self.loop.execute(self.run)
        case .pause: self.loop.scheduleTask(in: Self.pause, self.run)
        }
    }

    /// Runs `work` when no job waits any more, or after a few rounds of them.
    package func afterwards(_ work: @escaping @Sendable () -> Void) { self.afterwards(work, rounds: 4) }

    private func afterwards(_ work: @escaping @Sendable () -> Void, rounds: Int) {
        self.loop.execute {
            if rounds > 1, self.state.withLock({ !$0.jobs.isEmpty }) {
                self.afterwards(work, rounds: rounds - 1)
            } else {
                work()
            }
        }
    }

    /// Runs `work` after `pause`.
    package func after(_ pause: Duration, _ work: @escaping @Sendable () -> Void) {
        self.loop.scheduleTask(in: TimeAmount(pause), work)
    }
}
