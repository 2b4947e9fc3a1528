import Allocation
import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// Looks for what networks have given out and should not have, and repairs it.
struct ClusterCheck: Sendable {
    /// How long a contradiction must last to be told: the allocator follows changes, and needs a moment.
    private static let settling = Duration.milliseconds(500)

    let store: ReplicatedStore
    let clock: any WallClock

    /// What is found twice, with a pause between, so that what is about to change is not told.
    func look() async throws -> SwarmdCheckClusterResponse {
        let state = try await self.store.linearizable().state
        var findings = AllocationAudit(of: state, now: self.clock.now).findings
        if !findings.isEmpty {
            try await self.clock.sleep(until: self.clock.now + Self.settling)
            let later = try await self.store.linearizable().state
            let lasting = AllocationAudit(of: later, now: self.clock.now).findings
            findings = lasting.filter(findings.contains)
        }
        return Self.answer(findings, of: state, repaired: false)
    }

    /// Looks as `look` does; if that finds anything, repairs what is at fault by then.
    ///
    /// An object that changes meanwhile is left as it is: the next look tells.
    func repair() async throws -> SwarmdCheckClusterResponse {
        let seen = try await self.look()
        guard !seen.findings.isEmpty else { return seen }
        let state = try await self.store.linearizable().state
        let audit = AllocationAudit(of: state, now: self.clock.now)
        _ = try await self.store.updateInBatches(audit.repairs)
        return Self.answer(audit.findings, of: state, repaired: true)
    }

    private static func answer(
        _ findings: [AllocationFinding],
        of state: StoreState,
        repaired: Bool
    ) -> SwarmdCheckClusterResponse {
        .with { answer in
            answer.networks = UInt64(state.networks.count)
            answer.services = UInt64(state.services.count)
            answer.tasks = UInt64(state.tasks.count)
            answer.nodes = UInt64(state.nodes.count)
            answer.findings = findings.map { finding in
                .with {
                    $0.kind = finding.kind.rawValue
                    $0.object = finding.object
                    $0.id = finding.id
                    $0.problem = finding.problem
                    $0.remedy = finding.remedy
                    $0.repairable = finding.isRepairable
                    $0.repaired = repaired && finding.isRepairable
                }
            }
        }
    }
}
