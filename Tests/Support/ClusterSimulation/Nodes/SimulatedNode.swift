import Execution
import GroupSimulation
import SwarmAPI

/// A machine with its daemon, its containers, and what its disk keeps.
struct SimulatedNode: Sendable {
    let id: String
    var description: SwarmNodeDescription
    /// Whether the daemon runs; `life` counts its runs.
    var isUp = false
    var life = 0
    /// Whether nothing gets through to the managers.
    var isCut = false
    /// Whether it was removed from the cluster, and never comes back.
    var isRemoved = false
    /// How much later than they should its heartbeats go out.
    var lateness = Span.seconds(0)
    /// The session that the node believes to have.
    var session: String?
    /// The number of the session's stream, as the leader knows it.
    var stream: UInt64 = 0
    /// What the leader assigned.
    var assigned: [String: SwarmTask] = [:]
    /// The tasks that have left a trace here.
    var tasks: [String: SimulatedTask] = [:]
    /// Statuses that no leader has confirmed.
    var unsent: [String: SwarmTaskStatus] = [:]
    var isSending = false
}

/// A task on a node: its machine in the daemon, and its container beside it.
struct SimulatedTask: Sendable {
    var machine: TaskMachine
    /// The status on the disk, which may lag behind.
    var saved: SwarmTaskStatus
    /// The call that is under way, by number.
    var ticket = 0
    var call: TaskCall?
    var isRunning = false
    /// How the container ended, if it has.
    var exit: Int32?
    var starts = 0
}

/// How the tasks of an image behave.
///
/// What fails does so in danger only: in peace everybody has mended his images.
enum ImageKind: String, Sendable, CaseIterable {
    case good
    /// Takes long to be fetched and to start.
    case slow
    /// Cannot be fetched.
    case missing
    /// Ends soon after its start, with an error.
    case crashing
    /// Ends after some time.
    case leaky
    /// Never gets healthy.
    case sick
    /// Ends soon, without an error.
    case brief

    init(_ task: SwarmTask) {
        self = Self(rawValue: String(task.spec.container.image.prefix { $0 != ":" })) ?? .good
    }
}
