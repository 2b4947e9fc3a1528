import Dispatch
package import Logging
package import RaftCore
package import SwarmAPI
import Synchronization

/// The links of a member to all others, over gRPC.
package final class PeerLinks: PeerTransport {
    /// Reports that may wait for their reader.
    private static let reportLimit = 4_096

    private struct State {
        /// In the order of the members' identifiers.
        var links: [PeerLink] = []
        /// Links that do not run yet.
        var fresh: [PeerLink] = []
    }

    package let reports: AsyncStream<PeerReport>
    private let context: LinkContext
    private let state = Mutex(State())
    private let changes: AsyncStream<Void>
    private let changed: AsyncStream<Void>.Continuation

    /// The links of `member`, which is the node `nodeID`; `snapshot` finds the newest snapshot for a message
    /// that announces one.
    package init(
        member: UInt64,
        nodeID: String,
        limits: LinkLimits = LinkLimits(),
        log: Logger,
        snapshot: @escaping @Sendable (Message) async throws -> SnapshotSource?
    ) {
        let reporting: AsyncStream<PeerReport>.Continuation
        (self.reports, reporting) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Self.reportLimit)
        )
        (self.changes, self.changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.context = LinkContext(
            member: RaftID(rawValue: member),
            nodeID: nodeID,
            limits: limits,
            snapshot: snapshot,
            reports: reporting,
            log: log
        )
    }

    /// The links of `member`, whose snapshots are in `snapshots`.
    package convenience init(member: UInt64, nodeID: String, snapshots: SnapshotFiles, log: Logger) {
        // Reading and decrypting a snapshot may take long, and must not hold up other work.
        let reading = DispatchQueue(label: "swarmd.peers.snapshots", qos: .utility)
        self.init(member: member, nodeID: nodeID, log: log) { _ in
            try await withCheckedThrowingContinuation { continuation in
                reading.async { @Sendable in
                    let newest = Result { try snapshots.newest() }
                    continuation.resume(with: newest.map { $0.map { SnapshotSource($0, on: reading) } })
                }
            }
        }
    }

    package func send(_ messages: [Message]) {
        for link in self.state.withLock({ $0.links }) {
            let own = messages.filter { $0.to == link.peer }
            if !own.isEmpty { link.send(own) }
        }
    }

    package func setMembers(_ members: [SwarmRaftMember]) {
        let others = members.filter { $0.raftID != self.context.member.rawValue }
        let ended = self.state.withLock { state in
            var kept: [PeerLink] = []
            for member in others.sorted(by: { $0.raftID < $1.raftID }) {
                let id = RaftID(rawValue: member.raftID)
                if let link = state.links.first(where: { $0.peer == id && $0.address == member.addr }) {
                    kept.append(link)
                } else {
                    let link = PeerLink(to: id, at: member.addr, self.context)
                    kept.append(link)
                    state.fresh.append(link)
                }
            }
            defer { state.links = kept }
            return state.links.filter { link in !kept.contains { $0 === link } }
        }
        for link in ended { link.end() }
        self.changed.yield()
    }

    package func isReachable(_ id: RaftID) -> Bool {
        self.state.withLock { state in state.links.first { $0.peer == id } }?.isOpen ?? false
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            for await _ in self.changes {
                let fresh = self.state.withLock { state in
                    defer { state.fresh = [] }
                    return state.fresh
                }
                for link in fresh { group.addTask { await link.run() } }
            }
        }
    }
}
