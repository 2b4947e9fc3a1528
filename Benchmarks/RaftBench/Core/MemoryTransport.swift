import RaftCore
import Replication
import SwarmAPI

/// A member's way to the others through a `MemoryNetwork`.
struct MemoryTransport: PeerTransport {
    let reports: AsyncStream<PeerReport>
    private let reporting: AsyncStream<PeerReport>.Continuation
    private let network: MemoryNetwork

    init(_ network: MemoryNetwork) {
        self.network = network
        (self.reports, self.reporting) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    }

    func send(_ messages: [Message]) {
        var rest = messages[...]
        while let member = rest.first?.to {
            let batch = rest.prefix { $0.to == member }
            rest = rest.dropFirst(batch.count)
            // Snapshots have no data here; a group that never loses members needs none.
            if batch.contains(where: { $0.kind == .snapshot }) {
                self.reporting.yield(.snapshot(member, delivered: false))
            }
            if !self.network.post(Array(batch), to: member) { self.reporting.yield(.unreachable(member)) }
        }
    }

    func setMembers(_ members: [SwarmRaftMember]) {}

    func address(of id: RaftID) -> String? { nil }

    func learn(_ id: RaftID, at address: String) {}

    func seek(_ id: RaftID) {}

    func share(_ digest: SwarmdStateDigest) {}

    func isReachable(_ id: RaftID) -> Bool { true }

    func run() async throws {
        // The network delivers; this only has to last as long as the member.
        while !Task.isCancelled { try await ContinuousClock().sleep(for: .seconds(3_600)) }
    }
}
