import Dispatch
package import Logging
package import NIOCore
import NIOPosix
package import RaftCore
package import SwarmAPI
package import SwarmRPC
import Synchronization

/// The links of a member to all others, over gRPC.
package final class PeerLinks: PeerTransport {
    /// Reports that may wait for their reader.
    private static let reportLimit = 4_096
    /// Members that may be sought at a time.
    private static let seekLimit = 16

    private struct State {
        /// In the order of the members' identifiers.
        var links: [PeerLink] = []
        /// Links that do not run yet.
        var fresh: [PeerLink] = []
        var addresses: PeerAddresses
        /// Members whose addresses are asked for, and those for which nobody does it yet.
        var sought: Set<RaftID> = []
        var unasked: [RaftID] = []
        /// For links to come.
        var digests = DigestQueue()
    }

    package let reports: AsyncStream<PeerReport>
    private let context: LinkContext
    private let state: Mutex<State>
    private let changes: AsyncStream<Void>
    private let changed: AsyncStream<Void>.Continuation

    /// The links of `member`, over connections with `security`; `snapshot` finds the newest snapshot for a message
    /// that announces one.
    package init(
        member: UInt64,
        security: any ConnectionSecurity,
        limits: LinkLimits = LinkLimits(),
        loop: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        log: Logger,
        snapshot: @escaping @Sendable (Message) async throws -> SnapshotSource?
    ) {
        let reporting: AsyncStream<PeerReport>.Continuation
        (self.reports, reporting) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Self.reportLimit)
        )
        self.state = Mutex(State(addresses: PeerAddresses(of: RaftID(rawValue: member))))
        (self.changes, self.changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.context = LinkContext(
            member: RaftID(rawValue: member),
            security: security,
            limits: limits,
            snapshot: snapshot,
            reports: reporting,
            loop: loop,
            log: log
        )
    }

    /// The links of `member`, whose snapshots are in `snapshots`; their connections live on `loop`.
    package convenience init(
        member: UInt64,
        security: any ConnectionSecurity,
        snapshots: SnapshotFiles,
        loop: any EventLoopGroup,
        log: Logger
    ) {
        // Reading and decrypting a snapshot may take long, and must not hold up other work.
        let reading = DispatchQueue(label: "swarmd.peers.snapshots", qos: .utility)
        self.init(member: member, security: security, loop: loop, log: log) { _ in
            try await withCheckedThrowingContinuation { continuation in
                reading.async { @Sendable in
                    let newest = Result { try snapshots.newest() }
                    continuation.resume(with: newest.map { $0.map { SnapshotSource($0, on: reading) } })
                }
            }
        }
    }

    /// Says where this member listens; the others learn it with the next messages.
    package func announce(_ address: String) { self.context.address.text = address }

    package func send(_ messages: [Message]) {
        let links = self.state.withLock { $0.links }
        for link in links {
            let own = messages.filter { $0.to == link.peer }
            if !own.isEmpty { link.send(own) }
        }
        // Raft sends a member nothing else until it hears what became of its snapshot.
        for message in messages where message.kind == .snapshot {
            guard !links.contains(where: { $0.peer == message.to }) else { continue }
            self.context.reports.yield(.snapshot(message.to, delivered: false))
        }
    }

    package func setMembers(_ members: [SwarmRaftMember]) {
        self.relink { addresses in
            addresses.list(members)
            return true
        }
    }

    package func learn(_ id: RaftID, at address: String) {
        guard self.relink({ $0.learn(id, at: address) }) else { return }
        self.context.log.info(
            "a member of the group says where it listens",
            metadata: ["member": "\(String(id.rawValue, radix: 16))", "address": "\(address)"]
        )
    }

    package func address(of id: RaftID) -> String? { self.state.withLock { $0.addresses[id] } }

    package func seek(_ id: RaftID) {
        let isNew = self.state.withLock { state in
            guard state.sought.count < Self.seekLimit, state.sought.insert(id).inserted else { return false }
            state.unasked.append(id)
            return true
        }
        if isNew { self.changed.yield() }
    }

    /// Asks one member after the other; the next message of `id` has it asked again if none knows.
    private func find(_ id: RaftID) async {
        defer { self.state.withLock { _ = $0.sought.remove(id) } }
        let security = self.context.security
        for link in self.state.withLock({ $0.links }) where link.isOpen {
            let answer = try? await MembershipCalls.resolve(id.rawValue, at: link.address, security: security)
            if let answer, !answer.isEmpty { return self.learn(id, at: answer) }
        }
    }

    package func share(_ digest: SwarmdStateDigest) {
        let links = self.state.withLock { state in
            state.digests.add(digest)
            return state.links
        }
        for link in links { link.share(digest) }
    }

    /// Changes the addresses, which `change` says whether it did, and has a link to each.
    @discardableResult
    private func relink(_ change: (inout PeerAddresses) -> Bool) -> Bool {
        let ended: [PeerLink]? = self.state.withLock { state in
            guard change(&state.addresses) else { return nil }
            var kept: [PeerLink] = []
            for (id, address) in state.addresses.all {
                if let link = state.links.first(where: { $0.peer == id && $0.address == address }) {
                    kept.append(link)
                } else {
                    let link = PeerLink(to: id, at: address, self.context, digests: state.digests)
                    kept.append(link)
                    state.fresh.append(link)
                }
            }
            defer { state.links = kept }
            return state.links.filter { link in !kept.contains { $0 === link } }
        }
        guard let ended else { return false }
        for link in ended { link.end() }
        self.changed.yield()
        return true
    }

    package func isReachable(_ id: RaftID) -> Bool {
        self.state.withLock { state in state.links.first { $0.peer == id } }?.isOpen ?? false
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            for await _ in self.changes {
                let (fresh, unasked) = self.state.withLock { state in
                    defer { (state.fresh, state.unasked) = ([], []) }
                    return (state.fresh, state.unasked)
                }
                for link in fresh { group.addTask { await link.run() } }
                for id in unasked { group.addTask { await self.find(id) } }
            }
        }
    }
}
