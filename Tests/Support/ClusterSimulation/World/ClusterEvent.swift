import Dispatching
import Execution

/// What is going to happen in a simulated cluster.
///
/// `life` numbers the runs of a node's daemon, and `term` the leaders: what belongs to an earlier one is nothing
/// any more when its time comes.
enum ClusterEvent: Sendable {
    /// A manager begins to lead.
    case elect
    /// A component of the leader looks, unless it was told to look at another time since.
    case turn(component: Int, term: Int, ticket: Int)
    /// A component's edits, or a part of them, are committed.
    case write(component: Int, term: Int)
    /// The dispatcher looks for nodes that are overdue.
    case expire(term: Int)
    /// What the dispatcher notes of nodes is committed.
    case writeNodes(term: Int)
    /// What nodes reported is committed.
    case writeStatuses(term: Int)
    /// The leader tells a node what has changed for it.
    case flush(node: Int, stream: Int)
    /// A node's daemon starts.
    case start(node: Int)
    /// A node asks for a session.
    case connect(node: Int, life: Int)
    /// A node's session is open.
    case established(node: Int, life: Int, session: String)
    /// A node sends a sign of life; it then comes to the leader.
    case heartbeat(node: Int, life: Int, session: String)
    case beat(node: Int, life: Int, session: String)
    /// The next message of a stream comes to its node.
    case deliver(node: Int, stream: Int)
    /// A node notes that its session is over.
    case disconnected(node: Int, life: Int, session: String)
    /// A node sends what it has to report; it then comes to the leader, and an answer comes back.
    case send(node: Int, life: Int)
    case report(node: Int, life: Int, session: String, [StatusBatch.Report])
    case reported(node: Int, life: Int, [StatusBatch.Report])
    /// A call to the executor ends.
    case called(node: Int, life: Int, task: String, ticket: Int, TaskCall, CallFailure?)
    case retry(node: Int, life: Int, task: String)
    /// Messages get through again.
    case heal(node: Int)
    /// A user does something.
    case command
    /// Something goes wrong.
    case fault
    /// Somebody looks whether everything is as it was asked for.
    case look
}
