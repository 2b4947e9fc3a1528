import Foundation
import Linearizability
import Testing

/// Checks a history that another test left behind: `SWARM_HISTORY=file swift test --filter ReplayTests`.
@Suite struct ReplayTests {
    private static let file = ProcessInfo.processInfo.environment["SWARM_HISTORY"]

    @Test(.enabled(if: Self.file != nil))
    func `the history in the named file is linearizable`() throws {
        let text = try String(contentsOf: URL(filePath: try #require(Self.file)), encoding: .utf8)
        let othersWrite = ProcessInfo.processInfo.environment["SWARM_HISTORY_OTHERS_WRITE"] != nil
        let history = try ControlHistory(decoding: text)
        let verdict = HistoryChecker(ControlModel(othersWrite: othersWrite)).check(history.operations)
        #expect(verdict.isLinearizable, "\(verdict)")
    }
}
