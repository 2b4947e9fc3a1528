import Dispatching
import Primitives
import StoreCore
import SwarmAPI

/// The manager that leads, for one term: its components, its dispatcher's sessions, and what is under way.
struct SimulatedLeader: Sendable {
    let term: Int
    /// How far its clock is from the true time.
    let skew: Duration
    /// The term's commits.
    var log: [Commit] = []
    var components: [LeaderComponent]
    var sessions: SessionTable
    /// The streams of assignments, by their node's number.
    var streams: [Int: AssignmentStream] = [:]
    /// What is to be noted of nodes, in order.
    var nodeWrites: [NodeNote] = []
    var isWritingNodes = false
    var reports: [StatusBatch.Report] = []
    /// The answers to nodes whose reports wait for their commit.
    var waiting: [(node: Int, life: Int, reports: [StatusBatch.Report])] = []
    var isWritingStatuses = false
    var generator: SeededGenerator
}

/// What the dispatcher notes of a node, and who waits for it.
struct NodeNote: Sendable {
    let write: NodeWrite
    /// The node that is answered, in which of its lives, and with which session.
    var answer: (node: Int, life: Int, session: String)?
}

/// What one node is told of its tasks.
struct AssignmentStream: Sendable {
    let number: Int
    let session: String
    var set: AssignmentSet
    /// Tasks that may have changed since the last message.
    var dirty: Set<String> = []
    var isFlushing = false
    /// Messages on their way, in order.
    var messages: [SwarmAssignmentsMessage] = []
}
