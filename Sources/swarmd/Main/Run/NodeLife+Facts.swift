import SwarmAPI
import SwiftProtobuf
import Trust

extension NodeLife {
    /// Names one who asked and waits.
    typealias Ticket = UInt64

    /// What the state directory holds when the daemon starts.
    struct Holdings: Sendable, Equatable {
        /// Who the node's certificate says it is.
        var name: NodeName?
        /// Whether its key is encrypted and the daemon has nothing to open it with.
        var isLocked = false
        /// A cluster that was begun and never came to be.
        var founding: SwarmdInitClusterRequest?
    }

    /// What the command line wants of a node that belongs to no cluster.
    enum Beginning: Sendable, Equatable {
        case stored
        case initialize(SwarmdInitClusterRequest)
        case join(SwarmdJoinClusterRequest)
    }

    /// What an operator asks for.
    enum Request: Sendable, Equatable {
        case initialize(SwarmdInitClusterRequest)
        case join(SwarmdJoinClusterRequest)
        case leave(force: Bool)
        case unlock(String)
    }

    /// What an operator hears.
    enum Answer: Sendable, Equatable {
        case done
        case refused(String)
    }

    /// How the manager part ended.
    enum ManagerEnd: Sendable, Equatable {
        /// As it was told to.
        case asked
        /// The group let it go.
        case removed
        case failed(String)
    }

    /// What happened.
    enum Fact: Sendable, Equatable {
        case started(Holdings, Beginning)
        case asked(Request, Ticket)
        /// The node has a certificate that it did not have, or could not read, before.
        case became(NodeName)
        case effortFailed(String)
        case keyRefused(String)
        /// The manager is one of its group.
        case managerEntered
        /// The manager takes part in its group.
        case managerReady
        /// The manager goes on trying to, and whoever waits need not wait any longer.
        case managerDelayed(String)
        case managerEnded(ManagerEnd)
        case agentFailed(String)
        case demotionRefused(String)
        /// The cluster does not know the node any more.
        case certificateRefused(String)
        /// Nothing of the node is left.
        case forgotten
        case stopRequested
    }

    /// What to do.
    enum Action: Sendable, Equatable {
        /// Makes a cluster's root and the node's certificate; `became` or `effortFailed` follows.
        case found(SwarmdInitClusterRequest)
        /// Gets a certificate; `became` or `effortFailed` follows.
        case enroll(SwarmdJoinClusterRequest)
        /// Ends the attempt to get one; `effortFailed` follows, or `became` where it was too late.
        case abandon
        /// Reads the key; `became` or `keyRefused` follows.
        case open(String)
        case tellLocked
        case startAgent
        /// `managerReady` and `managerEnded` follow.
        case startManager
        /// Has the manager hand over and end; `managerEnded` follows.
        case stopManager
        /// Removes what only a manager needs on its disk.
        case wipeLog
        /// Asks for a certificate anew.
        case renew
        /// Asks the cluster to make this node a worker; `became` or `demotionRefused` follows.
        case demote
        /// Ends the parts and the tasks and forgets the node; `forgotten` follows.
        case dissolve
        case answer(Ticket, Answer)
        /// Ends the daemon: with an error, or because it was told to.
        case end(String?)
    }

    /// Refusals, each with the way out.
    enum Refusals {
        static let workersDirectory =
            "--init: the state directory belongs to a worker of a cluster: use another --state-dir to make a new one"
        static let busy = "This node is about to join or leave a swarm: wait until that is over."
        static let startingLeave =
            "This node is about to take part in the managers' group and can't be let go yet: wait until that is over, or "
            + "take it out all the same with `swarmd leave --force`."
        static let abandoned = "The join was given up: this node was told to leave meanwhile."
        static let member =
            "This node is already part of a swarm: `swarmd leave` takes it out, and then it can make or join another."
        static let outside =
            "This node is not part of a swarm, so there is nothing to leave or to unlock. (`swarmd init` makes one, "
            + "`swarmd join` joins one.)"
        static let locked =
            "This node is part of a swarm and locked: open it with `swarmd unlock`, or take it out with "
            + "`swarmd leave --force`."
        static let lockedLeave =
            "This node is a locked manager and can't be let go by the others: `swarmd unlock` opens it, and "
            + "`swarmd leave --force` takes it out all the same."
        static let endedAlone = "the manager ended without being told to"
        static let notLocked = "This node is not locked: there is nothing to unlock."
        static let worker =
            "This node is not a swarm manager: a worker neither shows nor changes the cluster. Ask a manager, or have "
            + "one promote this node with `swarmd node promote`."
        static let noManager = "This node is not a swarm manager. "
    }

    /// What a call hears that only a manager could answer.
    var refusal: String {
        switch self.phase {
        case .inactive:
            Refusals.noManager
                + "It belongs to no swarm: make one with `swarmd init`, or join one with `swarmd join`, and try again."
        case .pending: Refusals.noManager + "It is about to become part of a swarm: try again in a moment."
        case .locked:
            "This node's swarm data is encrypted: give the key with `swarmd unlock` before anything else."
        case .failed(let reason): Refusals.noManager + reason
        case .active where self.role == .worker: Refusals.worker
        case .active: Refusals.noManager + "Its manager is about to start: try again in a moment."
        }
    }
}
