import Linearizability
import Testing

/// The checker gives the verdicts that others have published for their recordings.
@Suite(.enabled(if: RecordedHistories.folder != nil))
struct RecordedHistoryTests {
    @Test(arguments: try RecordedHistories.all(in: "jepsen"))
    func `a register under Jepsen gets the known verdict`(recording: RecordedHistories.Recording) throws {
        let history = JepsenLog.history(try RecordedHistories.text(recording.path))
        #expect(history.count > 50)
        let verdict = HistoryChecker(RegisterModel()).check(history)
        #expect(verdict.isLinearizable == recording.isLinearizable, "\(verdict)")
        #expect((verdict.counterexample == nil) == recording.isLinearizable)
    }

    @Test(arguments: try RecordedHistories.all(in: "kv"))
    func `texts under keys get the known verdict`(recording: RecordedHistories.Recording) throws {
        let history = KeyValueLog.history(try RecordedHistories.text(recording.path))
        #expect(history.count > 30)
        let verdict = HistoryChecker(KeyValueModel()).check(history)
        #expect(verdict.isLinearizable == recording.isLinearizable, "\(verdict)")
        #expect((verdict.counterexample == nil) == recording.isLinearizable)
    }

    @Test func `there are recordings of both kinds and verdicts`() throws {
        for folder in ["jepsen", "kv"] {
            let verdicts = try RecordedHistories.all(in: folder).map(\.isLinearizable)
            #expect(verdicts.contains(true) && verdicts.contains(false), "\(folder)")
        }
    }
}
