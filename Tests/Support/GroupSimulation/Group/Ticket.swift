import Linearizability
import ReplicatedStore

/// Somebody who waits for what becomes of a request.
struct Ticket: Sendable {
    /// What is waited for.
    enum Purpose: Sendable {
        /// A write's commit; then the answer is this.
        case write(ControlReply)
        /// The commit of the state on which a refusal rests.
        case basis(ControlReply, Leadership)
        /// Proof that nobody had gone on from that state.
        case refusal(ControlReply, Leadership)
        /// A state that is new enough to read.
        case read(ControlCall)
    }

    /// The number of the client's operation.
    let operation: Int
    /// What is waited for.
    let purpose: Purpose
}

/// What a manager answers.
enum ManagerReply: Sendable {
    /// This is how it is.
    case done(ControlReply)
    /// Nothing was done; ask the machine `leader`, if it is known, or anybody.
    case elsewhere(leader: Int?)
    /// Nobody knows whether it is done.
    case unknown
}
