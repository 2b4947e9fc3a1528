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
    }

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

    /// Runs what waits, and lets the loop look at its sockets before what comes meanwhile.
    @Sendable private func run() {
        let jobs = self.state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
        for job in jobs { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        let isDone = self.state.withLock { state in
            state.isScheduled = !state.jobs.isEmpty
            return state.jobs.isEmpty
        }
        if !isDone { self.loop.execute(self.run) }
    }
}
