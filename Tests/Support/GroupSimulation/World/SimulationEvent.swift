import Linearizability
import RaftCore
import Replication
import StoreCore

/// What happens at some moment of a run.
///
/// Where a process is named, the event is void if that process is gone.
enum SimulationEvent: Sendable {
    case tick(machine: Int, process: Int)
    /// A message arrives at an address.
    case message(machine: Int, port: Int, Letter)
    case report(machine: Int, process: Int, PeerReport)
    /// What another member's store amounts to arrives.
    case digest(machine: Int, StateDigest, index: UInt64, of: RaftID)
    case written(machine: Int, process: Int)
    case storeTurn(machine: Int, process: Int)
    case saved(machine: Int, process: Int, StoredSnapshot)
    case saveAgain(machine: Int, process: Int)
    case start(machine: Int)
    case resume(machine: Int, process: Int)
    case stopping(machine: Int, process: Int, deadline: Moment)
    case roomAgain(machine: Int)
    case heal(cut: Int)
    case fault
    case operate
    case wake(client: Int)
    case request(machine: Int, operation: Int, attempt: Int, ControlCall)
    case reply(operation: Int, attempt: Int, ManagerReply)
    case timeout(operation: Int)

    /// The bytes of a message, and what the transport adds.
    struct Letter: Sendable {
        let bytes: [UInt8]
        /// The machine and process that sent it.
        let machine: Int
        let process: Int
        /// Where the sender says that it listens; nil with a snapshot.
        let address: String?
        /// Who wants to know whether it arrived; nil unless it is a snapshot.
        var receipt: Receipt?
    }

    /// Who wants to know whether a snapshot arrived.
    struct Receipt: Sendable {
        let machine: Int
        let process: Int
        let peer: UInt64
    }

    /// The machine whose process takes it, if it waits while that stands still.
    var machine: Int? {
        switch self {
        case .message(let machine, _, _), .digest(let machine, _, _, _), .report(let machine, _, _),
            .written(let machine, _),
            .storeTurn(let machine, _), .saved(let machine, _, _), .stopping(let machine, _, _),
            .saveAgain(let machine, _),
            .request(let machine, _, _, _):
            machine
        case .tick, .start, .resume, .roomAgain, .heal, .fault, .operate, .wake, .reply, .timeout: nil
        }
    }
}
