import SwarmAPI
import SwiftProtobuf

/// Which statuses the manager still has to be told; the newest per task wins.
struct StatusQueue: Sendable {
    typealias Update = SwarmUpdateTaskStatusRequest.TaskStatusUpdate

    /// How many statuses one call carries: a few hundred kilobytes of the 4 MiB that a call may have.
    static let batchLimit = 2_000

    private var newest: [String: SwarmTaskStatus] = [:]
    private var unsent: Set<String> = []
    private var onTheWay: Set<String> = []
    private var refused: [String: SwarmTaskStatus] = [:]
    /// How many statuses go out one by one, after a call was refused as a whole.
    private var singles = 0

    /// Notes the newest status of a task.
    mutating func note(_ status: SwarmTaskStatus, of task: String) {
        self.newest[task] = status
        self.unsent.insert(task)
    }

    /// Drops a task that the manager doesn't know any more.
    mutating func forget(_ task: String) {
        self.newest[task] = nil
        self.unsent.remove(task)
        self.onTheWay.remove(task)
        self.refused[task] = nil
    }

    /// Makes everything unsent again: a new session may be with a manager that knows less.
    mutating func restart() {
        self.unsent = Set(self.newest.keys)
        self.onTheWay = []
        self.refused = [:]
        self.singles = 0
    }

    /// The next call's updates in the order of task ids; empty when all is said.
    mutating func begin() -> [Update] {
        self.unsent = self.unsent.filter { self.refused[$0] == nil || self.refused[$0] != self.newest[$0] }
        let batch = self.unsent.sorted().prefix(self.singles > 0 ? 1 : Self.batchLimit)
        self.singles = max(0, self.singles - 1)
        self.onTheWay = Set(batch)
        self.unsent.subtract(batch)
        return batch.compactMap { id in
            self.newest[id].map { status in
                .with {
                    $0.taskID = id
                    $0.status = status
                }
            }
        }
    }

    /// The call succeeded.
    mutating func succeed() { self.onTheWay = [] }

    /// The call failed in passing: its tasks' newest statuses go with the next one.
    mutating func fail() {
        self.unsent.formUnion(self.onTheWay)
        self.onTheWay = []
    }

    /// The manager refused the whole call for the sake of one task: single calls find out which.
    mutating func refuse() {
        if self.onTheWay.count > 1 {
            self.singles = self.onTheWay.count
            self.fail()
        } else {
            for id in self.onTheWay { self.refused[id] = self.newest[id] }
            self.onTheWay = []
        }
    }
}
