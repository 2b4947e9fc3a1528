import Linearizability
import Testing

/// The checker and the bare definition agree where the definition can be tried out.
@Suite struct AgreementTests {
    @Test func `about registers with any answers`() {
        var verdicts = [true: 0, false: 0]
        for seed in 0..<1500 {
            let history = RegisterRun.noise(2 + seed % 6, seed: UInt64(seed))
            let plain = PlainCheck(RegisterModel(), history).isLinearizable
            let verdict = HistoryChecker(RegisterModel()).check(history)
            #expect(verdict.isLinearizable == plain, "seed \(seed): \(history)")
            verdicts[plain, default: 0] += 1
        }
        #expect(verdicts.values.allSatisfy { $0 > 300 }, "\(verdicts)")
    }

    @Test(arguments: [false, true])
    func `about the control API with one answer replaced by another`(othersWrite: Bool) {
        let model = ControlModel(othersWrite: othersWrite)
        var verdicts = [true: 0, false: 0]
        for seed in 0..<1500 {
            var history = ControlRun.history(
                7,
                names: 1,
                seed: UInt64(seed),
                lost: 4,
                reach: 2,
                touches: othersWrite
            )
            let answers = history.compactMap(\.output)
            let target = seed % history.count
            if let returned = history[target].returned, !answers.isEmpty {
                history[target] = .init(
                    client: 99,
                    input: history[target].input,
                    called: history[target].called,
                    outcome: .known(answers[seed / 7 % answers.count], at: returned)
                )
            }
            let plain = PlainCheck(model, history).isLinearizable
            let verdict = HistoryChecker(model).check(history)
            #expect(verdict.isLinearizable == plain, "seed \(seed): \(ControlHistory(history).encoded())")
            verdicts[plain, default: 0] += 1
        }
        #expect(verdicts.values.allSatisfy { $0 > 300 }, "\(verdicts)")
    }
}
