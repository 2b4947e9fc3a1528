import Linearizability
import Primitives
import Testing

/// What happened at instants is linearizable, however late the answers are.
@Suite struct WidenedRunTests {
    @Test(arguments: [UInt64(0), 10, 3])
    func `a register's run is, in any order of the record`(lost: UInt64) {
        for seed in 0..<40 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let history = RegisterRun.history(60, seed: UInt64(seed), lost: lost)
            let verdict = HistoryChecker(RegisterModel()).check(history.shuffled(using: &generator))
            #expect(verdict.isLinearizable, "seed \(seed): \(verdict)")
        }
    }

    @Test func `a register's run is not when a read tells what nobody wrote`() {
        for seed in 0..<40 {
            var history = RegisterRun.history(60, seed: UInt64(seed), lost: 6)
            guard let index = history.lastIndex(where: { $0.input == .read && $0.returned != nil }),
                let returned = history[index].returned
            else { continue }
            history[index] = .init(
                client: 0,
                input: .read,
                called: history[index].called,
                outcome: .known(.value(77), at: returned)
            )
            let verdict = HistoryChecker(RegisterModel()).check(history)
            #expect(verdict.counterexample?.blocked.returned == returned, "seed \(seed): \(verdict)")
        }
    }

    @Test(arguments: [UInt64(0), 10, 3], [false, true])
    func `a store's run is, in any order of the record`(lost: UInt64, touches: Bool) {
        for seed in 0..<30 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let history = ControlRun.history(150, seed: UInt64(seed), lost: lost, touches: touches)
            let verdict = HistoryChecker(ControlModel(othersWrite: touches))
                .check(history.shuffled(using: &generator))
            #expect(verdict.isLinearizable, "seed \(seed): \(verdict)")
        }
    }

    @Test func `a store's run is not when a read tells a value of another version`() {
        for seed in 0..<40 {
            var history = ControlRun.history(80, names: 1, seed: UInt64(seed), lost: 8)
            let index = history.lastIndex { entry in
                if case .found = entry.output { true } else { false }
            }
            guard let index,
                case .known(.found(let id, let version, _), let returned) = history[index].outcome
            else { continue }
            history[index] = .init(
                client: 0,
                input: history[index].input,
                called: history[index].called,
                outcome: .known(.found(id: id, version: version, value: "another"), at: returned)
            )
            let verdict = HistoryChecker(ControlModel()).check(history)
            #expect(verdict.counterexample?.blocked.returned == returned, "seed \(seed): \(verdict)")
        }
    }

    @Test func `a long run of a busy store is checked with few steps`() throws {
        var history = ControlRun.history(3000, names: 4, seed: 5, lost: 40, reach: 8)
        let checker = HistoryChecker(ControlModel(), stepLimit: 20_000)
        #expect(checker.check(history).isLinearizable)
        let index = try #require(history.lastIndex { $0.output == .notFound })
        let returned = try #require(history[index].returned)
        let input = history[index].input
        let wrong = ControlReply.found(id: "id1", version: 1, value: "v")
        history[index] = .init(
            client: 0,
            input: ControlCall(kind: input.key.kind, name: input.key.name, .get(id: nil)),
            called: history[index].called,
            outcome: .known(wrong, at: returned)
        )
        #expect(checker.check(history).counterexample?.blocked.output == wrong)
    }
}
