package import SwarmAPI
package import SwarmRPC

/// What a manager is told when it starts.
package struct ManagerConfiguration: Sendable {
    package var nodeID: String
    package var hostname: String
    /// The daemon's version, "0.1.0".
    package var version: String
    /// The manager keeps its log in `raft` below.
    package var stateDirectory: String
    /// What the daemon's local socket serves.
    package var board: ServiceBoard
    /// "host:port", where agents connect; port 0 lets the kernel choose.
    package var listenAddress: String
    /// How its connections are secured.
    package var security: ManagerSecurity
    /// "host:port" that agents are told; empty for the address that is listened on.
    package var advertiseAddress: String
    /// Whether the manager's own node takes tasks, when the cluster is made.
    package var availability: SwarmNodeSpec.Availability
    /// "host:port" of managers whose group this one joins when it is new; empty to make a group.
    package var joining: [String]
    /// "host:port" of managers that may know the group, for a member that joined and has nothing of its log yet.
    package var knownManagers: [String] = []
    /// The node's keys; nil keeps the log's key beside the log.
    package var keys: ManagerKeys?
    /// What a cluster begins with that this manager makes.
    package var founding: ManagerFounding?
    /// Hears each time that the group did not take this manager in, why.
    package var entering: @Sendable (EntryDelay) -> Void = { _ in }
    /// Hears that this manager is one of its group, which it may still have to catch up with.
    package var entered: @Sendable () -> Void = {}
    /// The thread of the manager's connections and of whoever serves them.
    package var executor = LoopExecutor()

    /// The record of changes, if whoever starts the manager keeps and runs it; else it keeps its own.
    package var audit: AuditLog?

    package init(
        nodeID: String,
        security: ManagerSecurity,
        hostname: String,
        version: String,
        stateDirectory: String,
        board: ServiceBoard,
        listenAddress: String,
        advertiseAddress: String,
        availability: SwarmNodeSpec.Availability,
        joining: [String] = []
    ) {
        self.nodeID = nodeID
        self.security = security
        self.hostname = hostname
        self.version = version
        self.stateDirectory = stateDirectory
        self.board = board
        self.listenAddress = listenAddress
        self.advertiseAddress = advertiseAddress
        self.availability = availability
        self.joining = joining
    }

    /// Where the record of changes is.
    package static func auditDirectory(in stateDirectory: String) -> String { "\(stateDirectory)/audit" }

    /// What others are told when `listened` is listened on: its port, where the advertised address leaves that open.
    func advertised(for listened: String) -> String {
        guard !self.advertiseAddress.isEmpty else { return listened }
        guard self.advertiseAddress.hasSuffix(":0"), let colon = listened.lastIndex(of: ":") else {
            return self.advertiseAddress
        }
        return String(self.advertiseAddress.dropLast(2) + listened[colon...])
    }

    /// Where the member's log is.
    var raftDirectory: String { "\(self.stateDirectory)/raft" }

    /// The raft identifier of a group's first member, of 63 bits and never zero.
    ///
    /// Drawn once with the node's identifier, from which it is derived, so that it needs no file of its own.
    var foundingRaftID: UInt64 {
        let hash = self.nodeID.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        return (hash >> 1) | 1
    }
}
