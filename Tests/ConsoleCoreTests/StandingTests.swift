import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ConsoleCore

/// What the console says on a node that is no manager any more.
@Suite struct StandingTests {
    private static let worker =
        "This node is not a swarm manager: a worker neither shows nor changes the cluster. Ask a manager, or have one "
        + "promote this node with `swarmd node promote`."
    private static let removed =
        "This node is not a swarm manager. Its cluster does not know it any more (gone): `swarmd leave --force` makes it "
        + "ready for another one."

    @Test(arguments: [(80, 24), (120, 40)])
    func `a worker shows no quorum, and what to do in whole`(_ columns: Int, _ rows: Int) {
        var model = Fixture.model(columns: columns, rows: rows)
        _ = update(&model, .lost(reason: Self.worker), now: Fixture.now + .seconds(1))
        let lines = model.screen.lines
        #expect(lines[0].contains("NO MANAGER"))
        #expect(!lines[0].contains("quorum"))
        let advice = Strings(.english).advice(.worker, columns: columns)
        #expect(lines.contains { $0.contains(advice ?? "?") })
    }

    @Test(arguments: Language.allCases)
    func `advice fits its screen`(language: Language) {
        let strings = Strings(language)
        for standing in [Standing.worker, .removed] {
            for columns in [80, 100, 120] {
                let advice = strings.advice(standing, columns: columns) ?? ""
                #expect(DisplayWidth.of(advice) <= columns - 2)
            }
        }
        #expect(strings.advice(.manager, columns: 80) == nil)
    }

    @Test func `a refusal tells what the node is`() {
        #expect(Standing(refusal: Self.worker) == .worker)
        #expect(Standing(refusal: Self.removed) == .removed)
        #expect(Standing(refusal: "the daemon has gone") == .manager)
    }

    @Test func `a manager that its group let go is not asked about the group`() {
        var status = Fixture.status
        let own = status.nodeID
        status.raft.members.removeAll { $0.nodeID == own }
        var model = Fixture.model(columns: 120, rows: 40)
        _ = update(&model, .status(status), now: Fixture.now)
        #expect(model.standing == .worker)
        #expect(Health(model.cluster).level == .unknown)
        #expect(!model.screen.lines[0].contains("quorum"))
    }

    @Test func `one that is to be a worker counts as a manager as long as it has a majority`() {
        var model = Fixture.model(columns: 120, rows: 40)
        var own = Fixture.node("mgr-1", manager: true, version: 11)
        own.spec.desiredRole = .worker
        let event = SwarmWatchEvent.with {
            $0.action = .watchActionUpdate
            $0.object.node = own
        }
        _ = update(&model, .changed([event]), now: Fixture.now)
        #expect(model.standing == .manager)
        var status = Fixture.status
        for index in status.raft.members.indices where status.raft.members[index].nodeID != status.nodeID {
            status.raft.members[index].reachable = false
        }
        _ = update(&model, .status(status), now: Fixture.now)
        #expect(model.standing == .worker)
        #expect(!model.screen.lines[0].contains("NO QUORUM"))
    }

    @Test func `what was refused fits its line, and a manager that counts anew is told of`() {
        var status = SwarmdTrustStatus()
        status.refusals = (1...9).map { number in
            .with {
                $0.reason = "reason number \(number)"
                $0.count = 7
            }
        }
        let first = Trust(status, after: nil, now: Fixture.now)
        let line = CertificatesView.refused(first, columns: 78)
        #expect(line.count <= 78)
        #expect(line.hasPrefix("refused since this manager started: reason number 1 7"))
        #expect(line.hasSuffix("   and 8 more"))
        #expect(CertificatesView.refused(first, columns: 500).hasSuffix("reason number 9 7"))
        status.refusals[0].count = 1
        let again = Trust(status, after: first, now: Fixture.now)
        #expect(again.restarted == Fixture.now)
        #expect(
            CertificatesView.refused(again, columns: 500).hasPrefix("refused since this manager started, at ")
        )
        #expect(Trust(status, after: again, now: Fixture.now + .seconds(9)).restarted == Fixture.now)
        #expect(first.restarted == nil)
    }
}
