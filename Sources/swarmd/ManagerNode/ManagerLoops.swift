import SwarmRPC

/// The event loops of a manager, and the threads of what is called all the time.
///
/// Two, so that an operator who lists a hundred thousand tasks holds up other operators, and not the heartbeats
/// and entries of the group.
struct ManagerLoops: Sendable {
    /// The members' and the agents' connections, the log and the store.
    let group = LoopExecutor()
    /// The local socket's connections.
    let operators = LoopExecutor()
}
