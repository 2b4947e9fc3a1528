package import SwarmAPI

/// A call to a task's executor, in the order in which a life makes them.
package enum TaskCall: String, Sendable, Hashable {
    /// `Executor.controller(for:)`, which also adopts what runs from before a restart.
    case create
    case update
    case prepare
    case start
    case wait
    case shutdown
    case remove
}

/// What a task machine is told.
package enum TaskFact: Sendable, Equatable {
    /// The manager sent a new version of the task.
    case updated(SwarmTask)
    /// The task isn't this node's any more: it is stopped and removed, and its status interests nobody.
    case withdrawn
    /// A call did its work; `container` is what runs, where the executor knows.
    case succeeded(TaskCall, container: SwarmContainerStatus?)
    /// A call failed.
    case failed(TaskCall, CallFailure, container: SwarmContainerStatus?)
    /// The moment of an earlier `TaskAction.retry` came.
    case timer
}

/// What a task machine wants done.
package enum TaskAction: Sendable, Equatable {
    /// Begin this call, and tell its outcome as a fact. The machine has at most one call under way.
    case call(TaskCall)
    /// Cancel the call that is under way; its outcome is still awaited.
    case cancel(TaskCall)
    /// This status is new.
    case report(SwarmTaskStatus)
    /// Send `TaskFact.timer` after this long.
    case retry(after: Duration)
    /// The task left no trace on this node: forget it.
    case forget
}

/// Why a call failed, as far as the machine treats reasons differently.
package enum CallFailure: Sendable, Equatable {
    /// `start` on a task that was started before.
    case started
    /// The task can't run here at all.
    case rejected(String)
    /// A passing failure.
    case temporary(String)
    /// The task ran and ended without success.
    case exit(code: Int32, String)
    /// The call was abandoned; the work may go on.
    case cancelled
    /// Any other failure, which is final for the task.
    case fatal(String)

    /// Sorts an error that an executor threw.
    package init(_ error: any Error) {
        switch error {
        case ControllerError.started: self = .started
        case ControllerError.rejected(let reason): self = .rejected(reason)
        case ControllerError.temporary(let reason): self = .temporary(reason)
        case let exit as ExitError: self = .exit(code: exit.code, exit.description)
        case is CancellationError: self = .cancelled
        default: self = .fatal(String(describing: error))
        }
    }
}
