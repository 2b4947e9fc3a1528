package import Primitives
package import StoreCore
package import SwarmAPI

/// Reports of agents about their tasks, and what they change in the store.
///
/// A task's state never goes backwards, a report that says nothing new is dropped, and of several about one
/// task the newest counts (SwarmKit `dispatcher/dispatcher.go`, `UpdateTaskStatus`, `processUpdates`). Other than
/// there, an end is final: an agent that lost its newest notes in a crash may not make a failure of a job that has
/// completed.
package struct StatusBatch: Sendable {
    /// One report.
    package struct Report: Sendable, Equatable {
        package let taskID: String
        package let status: SwarmTaskStatus

        package init(taskID: String, status: SwarmTaskStatus) {
            self.taskID = taskID
            self.status = status
        }
    }

    /// A node reported about a task that is not its own: none of its reports count.
    package struct ForeignTask: Error, Equatable {
        package let taskID: String
    }

    private let reports: [Report]

    package init(_ reports: [Report]) { self.reports = reports }

    /// The reports in a node's message: without those that lack a status or whose task is gone.
    package static func reports(
        in request: SwarmUpdateTaskStatusRequest,
        from node: String,
        on state: StoreState
    ) throws(ForeignTask) -> [Report] {
        var reports: [Report] = []
        for update in request.updates where update.hasStatus {
            guard let task = state.tasks[update.taskID] else { continue }
            guard task.nodeID == node else { throw ForeignTask(taskID: update.taskID) }
            reports.append(Report(taskID: update.taskID, status: update.status))
        }
        return reports
    }

    /// The tasks that change, each once, in the order of their first report.
    ///
    /// `manager` is the node id of the leader, which signs each status with the time.
    package func tasks(on state: StoreState, by manager: String, now: Timestamp) -> [SwarmTask] {
        var order: [String] = []
        var newest: [String: SwarmTask] = [:]
        for report in self.reports {
            guard var task = newest[report.taskID] ?? state.tasks[report.taskID],
                report.status.state.mayFollow(task.status.state),
                !report.status.saysSame(as: task.status)
            else { continue }
            if newest[report.taskID] == nil { order.append(report.taskID) }
            task.status = report.status
            task.status.appliedBy = manager
            task.status.appliedAt = now.protobuf
            newest[report.taskID] = task
        }
        return order.compactMap { newest[$0] }
    }
}

extension SwarmTaskState {
    /// Whether a report of this state counts where `old` is known: it is no earlier one, and no other end.
    fileprivate func mayFollow(_ old: Self) -> Bool {
        let hasEnded = old.rawValue > Self.running.rawValue
        return hasEnded ? self == old : self.rawValue >= old.rawValue
    }
}

extension SwarmTaskStatus {
    /// Whether the statuses differ at most in who stored them and when.
    func saysSame(as other: Self) -> Bool {
        var left = self
        var right = other
        left.appliedBy = ""
        left.clearAppliedAt()
        right.appliedBy = ""
        right.clearAppliedAt()
        return left == right
    }
}
