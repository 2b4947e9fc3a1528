import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

/// The audit behind the call: it looks twice, and repairs only when asked to.
@Suite struct ClusterCheckTests {
    /// A clock without patience.
    private struct HastyClock: WallClock {
        let now = TestManager.now

        func sleep(until moment: Timestamp) async throws {}
    }

    private static func check(_ manager: TestManager) -> MaintenanceService {
        MaintenanceService(store: manager.store, clock: HastyClock())
    }

    /// Puts a node into the store that is attached to a network that is not there.
    private static func plant(_ manager: TestManager) async throws {
        try await manager.add(
            SwarmNode.with {
                $0.id = "n1"
                $0.description_p.hostname = "worker-1"
                $0.attachments = [
                    .with {
                        $0.network.id = "gone"
                        $0.addresses = ["10.0.7.2/24"]
                    }
                ]
            }
        )
    }

    @Test func `a healthy store is told as such, with what was looked at`() async throws {
        try await TestManager.run { manager in
            try await manager.add(Fixture.node("n1"))
            let answer = try await Self.check(manager).checkCluster(
                request: .init(),
                context: manager.context
            )
            #expect(answer.findings.isEmpty)
            #expect(answer.nodes == 1 && answer.tasks == 0)
        }
    }

    @Test func `a fault is told and left as it is, until a repair is asked for`() async throws {
        try await TestManager.run { manager in
            try await Self.plant(manager)
            let service = Self.check(manager)
            let seen = try await service.checkCluster(request: .init(), context: manager.context)
            let finding = try #require(seen.findings.first)
            #expect(finding.kind == "attachment-of-gone-network" && finding.object == "node worker-1")
            #expect(finding.repairable && !finding.repaired)
            #expect(await manager.state.nodes["n1"]?.attachments.count == 1)
            let repaired = try await service.repairCluster(request: .init(), context: manager.context)
            #expect(repaired.findings.map(\.repaired) == [true])
            #expect(await manager.state.nodes["n1"]?.attachments.isEmpty == true)
            let again = try await service.repairCluster(request: .init(), context: manager.context)
            #expect(again.findings.isEmpty)
        }
    }

    @Test func `a repair leaves a record, a look does not`() {
        #expect(AuditedCalls.contains("swarmd.v1.Maintenance", "RepairCluster"))
        #expect(!AuditedCalls.contains("swarmd.v1.Maintenance", "CheckCluster"))
        #expect(SwarmdRepairClusterRequest().subject.object.isEmpty == false)
    }
}
