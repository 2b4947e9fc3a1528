import Linearizability
import Testing

@Suite struct HistoryCheckerTests {
    typealias Entry = Operation<RegisterModel.Input, RegisterModel.Output>

    private func answered(
        _ input: RegisterModel.Input,
        _ output: RegisterModel.Output,
        _ span: ClosedRange<UInt64>
    ) -> Entry {
        Entry(client: 1, input: input, called: span.lowerBound, outcome: .known(output, at: span.upperBound))
    }

    private func lost(_ input: RegisterModel.Input, at time: UInt64) -> Entry {
        Entry(client: 2, input: input, called: time, outcome: .unknown)
    }

    private func verdict(_ history: [Entry]) -> Verdict<RegisterModel> {
        HistoryChecker(RegisterModel()).check(history)
    }

    @Test func `an empty history is linearizable`() {
        #expect(self.verdict([]).isLinearizable)
    }

    @Test func `a read after a write sees it`() {
        let write = self.answered(.write(1), .written, 1...2)
        #expect(self.verdict([write, self.answered(.read, .value(1), 3...4)]).isLinearizable)
    }

    @Test func `a stale read is not linearizable`() {
        let write = self.answered(.write(1), .written, 1...2)
        let verdict = self.verdict([write, self.answered(.read, .value(nil), 3...4)])
        #expect(verdict.counterexample?.blocked.input == .read)
        #expect(verdict.counterexample?.states == [1])
    }

    @Test(arguments: [nil, 1]) func `a read beside a write sees the old or the new`(value: Int?) {
        let write = self.answered(.write(1), .written, 1...4)
        #expect(self.verdict([write, self.answered(.read, .value(value), 2...3)]).isLinearizable)
    }

    @Test func `a value that was seen does not disappear again`() {
        let history = [
            self.answered(.write(1), .written, 1...9), self.answered(.read, .value(1), 2...3),
            self.answered(.read, .value(nil), 4...5),
        ]
        #expect(self.verdict(history).counterexample?.blocked.called == 4)
    }

    @Test func `of two swaps of the same value one must fail`() {
        let first = self.answered(.swap(old: 0, new: 1), .written, 3...6)
        let write = self.answered(.write(0), .written, 1...2)
        let lostUpdate = [write, first, self.answered(.swap(old: 0, new: 2), .written, 4...7)]
        #expect(!self.verdict(lostUpdate).isLinearizable)
        let honest = [write, first, self.answered(.swap(old: 0, new: 2), .mismatch, 4...7)]
        #expect(self.verdict(honest).isLinearizable)
    }

    @Test func `a call and an answer at the same time overlap`() {
        let write = self.answered(.write(1), .written, 1...5)
        #expect(self.verdict([write, self.answered(.read, .value(nil), 5...6)]).isLinearizable)
    }

    @Test func `a write without an answer may happen late`() {
        let history = [
            self.lost(.write(1), at: 1), self.answered(.read, .value(nil), 2...3),
            self.answered(.write(2), .written, 4...5), self.answered(.read, .value(2), 6...7),
            self.answered(.read, .value(1), 8...9),
        ]
        #expect(self.verdict(history).isLinearizable)
    }

    @Test func `a write without an answer may never happen`() {
        let history = [self.lost(.write(1), at: 1), self.answered(.read, .value(nil), 2...3)]
        #expect(self.verdict(history).isLinearizable)
    }

    @Test func `a write without an answer does not happen before its call`() {
        let history = [self.answered(.read, .value(1), 1...2), self.lost(.write(1), at: 3)]
        #expect(!self.verdict(history).isLinearizable)
    }

    @Test func `a write without an answer does not happen twice`() {
        let history = [
            self.lost(.write(1), at: 1), self.answered(.read, .value(1), 2...3),
            self.answered(.write(2), .written, 4...5), self.answered(.read, .value(1), 6...7),
        ]
        #expect(self.verdict(history).counterexample?.blocked.called == 6)
        #expect(self.verdict(history + [self.lost(.write(1), at: 2)]).isLinearizable)
    }

    @Test func `evidence names the order, the answer and what was under way`() throws {
        let history = [
            self.answered(.write(1), .written, 1...2), self.lost(.write(7), at: 3),
            self.answered(.write(3), .written, 4...20), self.answered(.read, .value(2), 5...6),
            self.answered(.read, .value(9), 7...8),
        ]
        let evidence = try #require(self.verdict(history).counterexample)
        #expect(
            "\(evidence)" == """
                not explained:
                    client 1 [5, 6] read => value(Optional(2))
                states before it:
                    Optional(1)
                    Optional(3)
                    Optional(7)
                longest order, 2 operations:
                    client 1 [1, 2] write(1) => written, then Optional(1)
                    client 1 [4, 20] write(3) => written, then Optional(3)
                also under way, not placed:
                    client 2 [3, -] write(7) => ?
                """
        )
    }

    @Test func `the search is given up at its limit, and says how far it got`() {
        let history = (0..<12).map { self.answered(.write($0), .written, 1...2) }
        let read = self.answered(.read, .value(99), 3...4)
        let verdict = HistoryChecker(RegisterModel(), stepLimit: 100).check(history + [read])
        #expect(!verdict.isLinearizable && verdict.counterexample == nil)
        #expect("\(verdict)".hasPrefix("unknown after 100 steps\nnot explained:\n"))
    }

    @Test func `keys are checked apart, and one is enough for the verdict`() {
        func append(_ text: String, to key: String, _ span: ClosedRange<UInt64>) -> KeyValueLog.Entry {
            let outcome = KeyValueLog.Entry.Outcome.known(.written, at: span.upperBound)
            let input = KeyValueModel.Input(key: key, .append(text))
            return .init(client: 0, input: input, called: span.lowerBound, outcome: outcome)
        }
        func get(_ text: String, from key: String, _ span: ClosedRange<UInt64>) -> KeyValueLog.Entry {
            let outcome = KeyValueLog.Entry.Outcome.known(.value(text), at: span.upperBound)
            let input = KeyValueModel.Input(key: key, .get)
            return .init(client: 0, input: input, called: span.lowerBound, outcome: outcome)
        }
        let checker = HistoryChecker(KeyValueModel())
        let writes = [append("x", to: "a", 1...4), append("y", to: "b", 1...4), append("z", to: "a", 2...5)]
        let good = [get("zx", from: "a", 6...7), get("y", from: "b", 6...7)]
        #expect(checker.check(writes + good).isLinearizable)
        let verdict = checker.check(writes + good + [get("", from: "b", 8...9)])
        #expect(verdict.counterexample?.blocked.input.key == "b")
    }

    @Test func `more operations at once than bits in a word`() {
        let write = self.answered(.write(0), .written, 1...2)
        let lost = (100..<200).map { self.lost(.write($0), at: 3) }
        let swaps = (0..<70).map { self.answered(.swap(old: $0, new: $0 + 1), .written, 3...9) }
        let reads = [self.answered(.read, .value(70), 10...11), self.answered(.read, .value(150), 12...13)]
        #expect(self.verdict([write] + lost + swaps + reads).isLinearizable)
    }
}
