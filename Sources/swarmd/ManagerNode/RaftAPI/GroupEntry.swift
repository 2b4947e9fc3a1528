import Logging
import NIOPosix
import Replication
import SwarmAPI
import SwiftProtobuf

/// How this manager comes into its raft group: it finds itself in its files, makes a group, or joins one.
struct GroupEntry: Sendable {
    private let configuration: ManagerConfiguration
    private let log: Logger

    init(_ configuration: ManagerConfiguration, log: Logger) {
        self.configuration = configuration
        self.log = log
    }

    /// What entering gave.
    struct Entered: Sendable {
        let origin: GroupOrigin
        /// Where to listen; the port is the one that the group was told.
        let address: String
        fileprivate let file: MemberFile

        /// Keeps the identifier, after the log is there.
        ///
        /// In the other order a crash in between would leave a founder that waits for a group's entries.
        func keep() throws(LogError) {
            guard try self.file.load() == nil else { return }
            try self.file.store(self.origin.raftID)
        }
    }

    /// Returns when this manager is a member, or is to be a group's first.
    func enter() async throws -> Entered {
        let file = try MemberFile(directory: self.configuration.raftDirectory)
        let address = self.configuration.listenAddress
        if let id = try file.load() {
            return Entered(origin: .join(raftID: id), address: address, file: file)
        }
        guard !self.configuration.joining.isEmpty else {
            return Entered(origin: .found(self.founder), address: address, file: file)
        }
        let (response, actual) = try await self.join()
        try file.store(response.raftID)
        let origin = GroupOrigin.join(raftID: response.raftID, members: response.members)
        return Entered(origin: origin, address: actual, file: file)
    }

    private var founder: SwarmRaftMember {
        .with {
            $0.raftID = self.configuration.foundingRaftID
            $0.nodeID = self.configuration.nodeID
            let advertised = self.configuration.advertiseAddress
            $0.addr = advertised.isEmpty ? self.configuration.listenAddress : advertised
        }
    }

    /// Asks the leader to take this node in, and answers its call back meanwhile.
    private func join() async throws -> (response: SwarmJoinResponse, address: String) {
        let listener = try TCPListener(
            address: self.configuration.listenAddress,
            scope: self.configuration.scope,
            security: self.configuration.security.remote,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton
        )
        let server = APIServer(listener: listener, services: [ManagerParts.health("Raft")], log: self.log)
        let (addresses, bound) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(1))
        return try await withThrowingTaskGroup(of: (SwarmJoinResponse, String)?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await server.run(onReady: { bound.yield(ManagerParts.text(of: $0)) })
                return nil
            }
            group.addTask {
                for await address in addresses {
                    let advertised = self.configuration.advertiseAddress
                    let response = try await MembershipCalls.join(
                        leader: self.configuration.joining,
                        security: self.configuration.security.connections,
                        address: advertised.isEmpty ? address : advertised
                    )
                    self.log.notice(
                        "this manager joined the group",
                        metadata: ["members": "\(response.members.count)"]
                    )
                    return (response, address)
                }
                return nil
            }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}
