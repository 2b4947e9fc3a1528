import SwarmAPI
import SwiftProtobuf
import Testing
import Trust

@testable import swarmd

/// What happens to a node, as a transcript: facts with `>`, what is done about them indented.
@Suite struct NodeLifeTests {
    private static let worker = NodeName(cluster: "c", role: .worker, node: "n")
    private static let manager = NodeName(cluster: "c", role: .manager, node: "n")
    private static let initialize = SwarmdInitClusterRequest()
    private static let join = SwarmdJoinClusterRequest.with { $0.token = "t" }

    private static func transcript(_ facts: [NodeLife.Fact]) -> [String] {
        var life = NodeLife()
        return facts.flatMap { fact in
            ["> \(Self.text(fact))"] + life.step(fact).map { "  \(Self.text($0))" } + [
                "  = \(Self.text(life))"
            ]
        }
    }

    private static func text(_ fact: NodeLife.Fact) -> String {
        switch fact {
        case .started(let holdings, let beginning):
            "started holding \(holdings.name?.role.rawValue ?? "nothing")"
                + (holdings.isLocked ? ", locked" : "") + (holdings.founding == nil ? "" : ", founding")
                + (beginning == .stored ? "" : ", commanded")
        case .asked(let request, let ticket): "\(ticket) asks to \(Self.text(request))"
        case .became(let name): "became \(name.role.rawValue)"
        default: "\(fact)"
        }
    }

    private static func text(_ request: NodeLife.Request) -> String {
        switch request {
        case .initialize: "init"
        case .join: "join"
        case .leave(let force): force ? "leave by force" : "leave"
        case .unlock: "unlock"
        }
    }

    private static func text(_ action: NodeLife.Action) -> String {
        switch action {
        case .found: "found"
        case .enroll: "enroll"
        case .open: "open"
        case .answer(let ticket, .done): "answer \(ticket): done"
        case .answer(let ticket, .refused(let reason)): "answer \(ticket): \(reason.prefix(40))"
        default: "\(action)"
        }
    }

    private static func text(_ life: NodeLife) -> String {
        "\(life.phase)" + (life.hasAgent ? ", agent" : "")
            + (life.manager == .absent ? "" : ", manager \(life.manager)")
    }

    private static let empty = NodeLife.Fact.started(.init(), .stored)
    private static let asWorker = NodeLife.Fact.started(.init(name: Self.worker), .stored)
    private static let asManager = NodeLife.Fact.started(.init(name: Self.manager), .stored)

    @Test func `a daemon without a node waits, makes a cluster, and leaves it`() {
        let transcript = Self.transcript([
            Self.empty, .asked(.initialize(Self.initialize), 1), .asked(.join(Self.join), 2),
            .became(Self.manager),
            .managerReady, .asked(.leave(force: true), 3), .managerEnded(.asked), .forgotten,
        ])
        #expect(
            transcript == [
                "> started holding nothing", "  = inactive",
                "> 1 asks to init", "  found", "  = pending",
                "> 2 asks to join", "  answer 2: This node is about to join or leave a sw", "  = pending",
                "> became swarm-manager", "  startAgent", "  startManager",
                "  = active, agent, manager running",
                "> managerReady", "  answer 1: done", "  = active, agent, manager running",
                "> 3 asks to leave by force", "  dissolve", "  = active, agent, manager running",
                "> managerEnded(swarmd.NodeLife.ManagerEnd.asked)", "  = active, agent",
                "> forgotten", "  answer 3: done", "  = inactive",
            ]
        )
    }

    @Test func `a join that fails leaves the daemon as it was`() {
        let transcript = Self.transcript([
            Self.empty, .asked(.join(Self.join), 1), .effortFailed("no"), .asked(.join(Self.join), 2),
            .became(Self.worker),
        ])
        #expect(
            transcript == [
                "> started holding nothing", "  = inactive",
                "> 1 asks to join", "  enroll", "  = pending",
                "> effortFailed(\"no\")", "  answer 1: no", "  = inactive",
                "> 2 asks to join", "  enroll", "  = pending",
                "> became swarm-worker", "  wipeLog", "  startAgent", "  answer 2: done", "  = active, agent",
            ]
        )
    }

    @Test func `a leave gives a join up, and the daemon is as it was`() {
        let transcript = Self.transcript([
            Self.empty, .asked(.join(Self.join), 1), .asked(.leave(force: false), 2),
            .asked(.leave(force: false), 3), .effortFailed("cancelled"), .asked(.join(Self.join), 4),
        ])
        #expect(
            transcript == [
                "> started holding nothing", "  = inactive",
                "> 1 asks to join", "  enroll", "  = pending",
                "> 2 asks to leave", "  abandon", "  = pending",
                "> 3 asks to leave", "  answer 3: This node is about to join or leave a sw", "  = pending",
                "> effortFailed(\"cancelled\")", "  answer 1: The join was given up: this node was tol",
                "  answer 2: done", "  = inactive",
                "> 4 asks to join", "  enroll", "  = pending",
            ]
        )
    }

    @Test func `a leave that comes as the certificate does takes the node out again`() {
        let transcript = Self.transcript([
            Self.empty, .asked(.join(Self.join), 1), .asked(.leave(force: false), 2), .became(Self.manager),
            .forgotten,
        ])
        #expect(
            transcript == [
                "> started holding nothing", "  = inactive",
                "> 1 asks to join", "  enroll", "  = pending",
                "> 2 asks to leave", "  abandon", "  = pending",
                "> became swarm-manager", "  answer 1: The join was given up: this node was tol",
                "  dissolve",
                "  = pending",
                "> forgotten", "  answer 2: done", "  = inactive",
            ]
        )
    }

    @Test func `a join by the command line is given up too, and the daemon goes on`() {
        let transcript = Self.transcript([
            .started(.init(), .join(Self.join)), .asked(.leave(force: false), 1), .effortFailed("cancelled"),
        ])
        #expect(
            transcript == [
                "> started holding nothing, commanded", "  enroll", "  = pending",
                "> 1 asks to leave", "  abandon", "  = pending",
                "> effortFailed(\"cancelled\")", "  answer 1: done", "  = inactive",
            ]
        )
    }

    @Test func `a manager that its group has not taken in yet leaves by force`() {
        let transcript = Self.transcript([
            Self.empty, .asked(.join(Self.join), 1), .became(Self.manager), .asked(.leave(force: false), 2),
            .asked(.leave(force: true), 3), .managerEnded(.asked), .forgotten,
        ])
        #expect(
            transcript.dropFirst(9) == [
                "> 2 asks to leave", "  answer 2: This node is about to take part in the m",
                "  = active, agent, manager running",
                "> 3 asks to leave by force", "  answer 1: The join was given up: this node was tol",
                "  dissolve",
                "  = active, agent, manager running",
                "> managerEnded(swarmd.NodeLife.ManagerEnd.asked)", "  = active, agent",
                "> forgotten", "  answer 3: done", "  = inactive",
            ]
        )
    }

    @Test func `a manager that waits in vain to be taken in can't be let go, and leaves by force`() {
        let transcript = Self.transcript([
            Self.empty, .asked(.join(Self.join), 1), .became(Self.manager), .managerDelayed("not yet"),
            .asked(.leave(force: false), 2), .asked(.leave(force: true), 3),
        ])
        #expect(
            transcript.dropFirst(9) == [
                "> managerDelayed(\"not yet\")", "  answer 1: not yet", "  = active, agent, manager running",
                "> 2 asks to leave", "  answer 2: This node is about to take part in the m",
                "  = active, agent, manager running",
                "> 3 asks to leave by force", "  dissolve", "  = active, agent, manager running",
            ]
        )
    }

    @Test func `a manager that was taken in asks to be let go, ready or not`() {
        let transcript = Self.transcript([
            Self.empty, .asked(.join(Self.join), 1), .became(Self.manager), .managerEntered,
            .managerDelayed("not yet"), .asked(.leave(force: false), 2),
        ])
        #expect(
            transcript.suffix(3) == ["> 2 asks to leave", "  demote", "  = active, agent, manager running"]
        )
    }

    @Test func `a manager without which fewer than two would be left stays`() {
        #expect(NodeShell.reasonToStay(of: 3) == nil)
        #expect(
            NodeShell.reasonToStay(of: 2)?.hasPrefix(
                "of 2 managers, a majority of which is 2, it would leave 1"
            ) == true
        )
        #expect(NodeShell.reasonToStay(of: 1)?.hasPrefix("it is the last manager") == true)
    }

    @Test func `what the command line asked for and failed ends the daemon`() {
        let transcript = Self.transcript([.started(.init(), .join(Self.join)), .effortFailed("no")])
        #expect(
            transcript == [
                "> started holding nothing, commanded", "  enroll", "  = pending",
                "> effortFailed(\"no\")", "  end(Optional(\"no\"))", "  = pending",
            ]
        )
    }

    @Test func `a founding that was cut short goes on`() {
        let holdings = NodeLife.Holdings(name: Self.manager, founding: Self.initialize)
        #expect(
            Self.transcript([.started(holdings, .stored)]) == [
                "> started holding swarm-manager, founding", "  found", "  = pending",
            ]
        )
    }

    @Test func `a promotion starts the manager and touches nothing else`() {
        #expect(
            Self.transcript([Self.asWorker, .became(Self.manager), .managerReady]) == [
                "> started holding swarm-worker", "  wipeLog", "  startAgent", "  = active, agent",
                "> became swarm-manager", "  startManager", "  = active, agent, manager running",
                "> managerReady", "  = active, agent, manager running",
            ]
        )
    }

    @Test func `a demotion ends the manager and removes its log`() {
        #expect(
            Self.transcript([Self.asManager, .became(Self.worker), .managerEnded(.asked)]) == [
                "> started holding swarm-manager", "  startAgent", "  startManager",
                "  = active, agent, manager running",
                "> became swarm-worker", "  stopManager", "  = active, agent, manager stopping",
                "> managerEnded(swarmd.NodeLife.ManagerEnd.asked)", "  wipeLog", "  = active, agent",
            ]
        )
    }

    @Test func `a manager that the group lets go becomes a worker when its certificate says so`() {
        #expect(
            Self.transcript([Self.asManager, .managerEnded(.removed), .became(Self.worker)]) == [
                "> started holding swarm-manager", "  startAgent", "  startManager",
                "  = active, agent, manager running",
                "> managerEnded(swarmd.NodeLife.ManagerEnd.removed)", "  renew", "  = active, agent",
                "> became swarm-worker", "  wipeLog", "  = active, agent",
            ]
        )
    }

    @Test func `a manager that was demoted and promoted again joins as a new member`() {
        let facts: [NodeLife.Fact] = [
            Self.asManager, .became(Self.worker), .became(Self.manager), .managerEnded(.asked),
        ]
        #expect(
            Self.transcript(facts).suffix(3) == [
                "  wipeLog", "  startManager", "  = active, agent, manager running",
            ]
        )
        let removed: [NodeLife.Fact] = [Self.asManager, .managerEnded(.removed), .became(Self.manager)]
        #expect(
            Self.transcript(removed).suffix(3) == [
                "  wipeLog", "  startManager", "  = active, agent, manager running",
            ]
        )
    }

    @Test func `a manager asks to be let go before it leaves`() {
        #expect(
            Self.transcript([
                Self.asManager, .asked(.leave(force: false), 1), .managerEnded(.removed),
                .became(Self.worker),
                .forgotten,
            ]).dropFirst(4) == [
                "> 1 asks to leave", "  demote", "  = active, agent, manager running",
                "> managerEnded(swarmd.NodeLife.ManagerEnd.removed)", "  renew", "  = active, agent",
                "> became swarm-worker", "  dissolve", "  = active, agent",
                "> forgotten", "  answer 1: done", "  = inactive",
            ]
        )
    }

    @Test func `a manager that the others need does not leave`() {
        #expect(
            Self.transcript([Self.asManager, .asked(.leave(force: false), 1), .demotionRefused("quorum")])
                .suffix(3) == [
                    "> demotionRefused(\"quorum\")", "  answer 1: quorum",
                    "  = active, agent, manager running",
                ]
        )
    }

    @Test func `a locked manager opens with its key and no other`() {
        let locked = NodeLife.Holdings(name: Self.manager, isLocked: true)
        #expect(
            Self.transcript([
                .started(locked, .stored), .asked(.leave(force: false), 1), .asked(.unlock("a"), 2),
                .keyRefused("wrong"),
                .asked(.unlock("b"), 3), .became(Self.manager),
            ]) == [
                "> started holding swarm-manager, locked", "  tellLocked", "  = locked",
                "> 1 asks to leave", "  answer 1: This node is a locked manager and can't ", "  = locked",
                "> 2 asks to unlock", "  open", "  = locked",
                "> keyRefused(\"wrong\")", "  answer 2: wrong", "  = locked",
                "> 3 asks to unlock", "  open", "  = locked",
                "> became swarm-manager", "  startAgent", "  startManager", "  answer 3: done",
                "  = active, agent, manager running",
            ]
        )
    }

    @Test func `a node that its cluster forgot says so and can leave`() {
        let transcript = Self.transcript([
            Self.asWorker, .certificateRefused("removed"), .asked(.join(Self.join), 1),
            .asked(.leave(force: false), 2),
            .forgotten,
        ])
        #expect(
            transcript.suffix(9) == [
                "> 1 asks to join", "  answer 1: This node is already part of a swarm: `s",
                "  = failed(\"removed\"), agent",
                "> 2 asks to leave", "  dissolve", "  = failed(\"removed\"), agent",
                "> forgotten", "  answer 2: done", "  = inactive",
            ]
        )
    }

    @Test func `a daemon that is told to stop lets its manager hand over first`() {
        #expect(
            Self.transcript([Self.asManager, .stopRequested, .managerEnded(.asked)]).dropFirst(4) == [
                "> stopRequested", "  stopManager", "  = active, agent, manager stopping",
                "> managerEnded(swarmd.NodeLife.ManagerEnd.asked)", "  end(nil)", "  = active, agent",
            ]
        )
    }

    @Test func `a manager that ends by itself ends the daemon, and keeps its log`() {
        let transcript = Self.transcript([Self.asManager, .managerEnded(.asked)])
        #expect(!transcript.contains("  wipeLog"))
        #expect(transcript.contains { $0.hasPrefix("  end(") })
    }

    @Test func `a manager whose disk fails ends the daemon with the reason`() {
        #expect(
            Self.transcript([Self.asManager, .managerEnded(.failed("disk"))]).contains(
                "  end(Optional(\"disk\"))"
            )
        )
    }
}
