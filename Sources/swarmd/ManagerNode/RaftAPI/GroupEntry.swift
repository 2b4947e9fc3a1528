import LinuxSystem
import Logging
import NIOPosix
import Primitives
import Replication
import StoreCore
import SwarmAPI
import SwarmRPC
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
        let entered = try await self.find()
        self.configuration.entered()
        return entered
    }

    private func find() async throws -> Entered {
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
            $0.addr = self.configuration.advertised(for: self.configuration.listenAddress)
        }
    }

    /// Lets managers ask whether this one listens; its store does not exist yet.
    private var authorizer: Authorizer {
        let cluster = self.configuration.security.cluster ?? ""
        return Authorizer(
            sources: Authorizer.Sources(clusterID: cluster, state: { StoreState() }, isLeader: { false }),
            counters: self.configuration.security.refusals,
            now: { SystemClock().now },
            log: self.log
        )
    }

    /// Asks the leader to take this node in, and answers its call back meanwhile.
    private func join() async throws -> (response: SwarmJoinResponse, address: String) {
        let listener = try TCPListener(
            address: self.configuration.listenAddress,
            security: self.configuration.security.remote,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton
        )
        let server = APIServer(
            listener: listener,
            services: [ManagerParts.health("Raft")],
            interceptors: [self.authorizer],
            log: self.log
        )
        let (addresses, bound) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(1))
        return try await withThrowingTaskGroup(of: (SwarmJoinResponse, String)?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await server.run(onReady: { bound.yield(ManagerParts.text(of: $0)) })
                return nil
            }
            group.addTask {
                for await address in addresses {
                    let advertised = self.configuration.advertised(for: address)
                    return (try await self.ask(advertised), address)
                }
                return nil
            }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// Asks one manager after the other to be taken in, until one does.
    ///
    /// A node that was just promoted may be ahead of the news of that, and a group may be without a leader.
    private func ask(_ address: String) async throws -> SwarmJoinResponse {
        var backoff = Backoff(base: .milliseconds(200), limit: .seconds(5))
        var dice = SystemRandomNumberGenerator()
        var reason = ""
        while true {
            for manager in self.configuration.joining where manager != address {
                do {
                    let response = try await MembershipCalls.join(
                        leader: manager,
                        security: self.configuration.security.connections,
                        address: address
                    )
                    self.log.notice(
                        "this manager joined the group",
                        metadata: ["members": "\(response.members.count)"]
                    )
                    return response
                } catch {
                    try Task.checkCancellation()
                    // Said again only when there is something new to say.
                    let text = ConnectionFault.text(error)
                    self.configuration.entering(
                        EntryDelay(manager: manager, address: address, reason: text)
                    )
                    self.log.log(
                        level: text == reason ? .debug : .warning,
                        "a manager did not take this one into the group; trying on",
                        metadata: ["manager": "\(manager)", "error": "\(text)"]
                    )
                    reason = text
                }
            }
            try await ContinuousClock().sleep(for: backoff.next(using: &dice))
        }
    }
}
