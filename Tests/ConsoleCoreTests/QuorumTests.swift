import Testing

@testable import ConsoleCore

@Suite struct QuorumTests {
    private static func target(_ name: String, reachable: Bool = true) -> RoleQuestion.Target {
        .init(id: "node-\(name)", name: name, version: 1, isReachable: reachable, isLeader: false)
    }

    @Test(arguments: [
        (1, "1 manager, can lose 0 -> 2, can lose 0 (odd numbers are better)"),
        (2, "2 managers, can lose 0 -> 3, can lose 1"),
        (3, "3 managers, can lose 1 -> 4, can lose 1 (odd numbers are better)"),
        (4, "4 managers, can lose 1 -> 5, can lose 2"),
    ])
    func `a promotion tells what it does to the quorum`(managers: Int, words: String) {
        let question = RoleQuestion(
            .promote,
            [Self.target("w01")],
            Quorum(managers: managers, reachable: managers)
        )
        #expect(Strings(.english).quorum(question.before, to: question.after) == words)
        #expect(question.isReady)
    }

    @Test(
        arguments: [
            (5, 5, nil), (3, 3, nil), (2, 2, nil), (1, 1, .noManagerLeft),
            (3, 2, .quorumLost(without: "mgr")), (5, 3, .quorumLost(without: "mgr")),
            (5, 4, nil), (4, 3, nil),
        ] as [(Int, Int, RoleQuestion.Refusal?)]
    )
    func `a demotion that costs the quorum is refused`(
        managers: Int,
        reachable: Int,
        refusal: RoleQuestion.Refusal?
    ) {
        let question = RoleQuestion(
            .demote,
            [Self.target("mgr")],
            Quorum(managers: managers, reachable: reachable)
        )
        #expect(question.refusal == refusal)
    }

    @Test func `a manager that cannot be reached may go: the others gain by it`() {
        let question = RoleQuestion(
            .demote,
            [Self.target("mgr", reachable: false)],
            Quorum(managers: 3, reachable: 2)
        )
        #expect(question.refusal == nil)
        #expect(
            Strings(.english).quorum(question.before, to: question.after)
                == "3 managers, can lose 0 -> 2, can lose 0 (odd numbers are better)"
        )
    }

    @Test func `managers go one by one, and each step must keep the majority`() {
        let all = ["a", "b", "c"].map { Self.target($0) }
        let three = Quorum(managers: 3, reachable: 3)
        #expect(RoleQuestion(.demote, Array(all.prefix(2)), three).refusal == nil)
        #expect(RoleQuestion(.demote, all, three).refusal == .noManagerLeft)
    }

    @Test func `a demotion after which none may be lost needs the name`() {
        let five = Quorum(managers: 5, reachable: 5)
        #expect(RoleQuestion(.demote, [Self.target("mgr")], five).confirmation == nil)
        let three = RoleQuestion(.demote, [Self.target("mgr")], Quorum(managers: 3, reachable: 3))
        #expect(three.confirmation?.wanted == "mgr")
        #expect(!three.isReady)
    }

    @Test(arguments: [
        ("prod-eu1", "prod-eu1"), ("搜索", "cluster-"), ("", "cluster-"), ("two words", "cluster-"),
        (String(repeating: "x", count: 33), "cluster-"),
    ])
    func `what is typed is on every keyboard`(name: String, wanted: String) {
        #expect(TypedName(name, id: "cluster-1").wanted == wanted)
    }
}
