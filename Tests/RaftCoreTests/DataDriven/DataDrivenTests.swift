import Foundation
import RaftCore
import Testing

/// The data files of etcd's raft, and transcripts of our own in the same form.
///
/// Etcd's files live beside the repository; where they are absent there are no cases.
@Suite struct DataDrivenTests {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    private static let shared =
        ProcessInfo.processInfo.environment["RAFT_TESTDATA"].map { URL(filePath: $0) }
        ?? Self.here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/raft-testdata")

    private static func expectNone(_ mismatches: [DataDrivenFile.Mismatch]) {
        for mismatch in mismatches { Issue.record("\(mismatch)") }
    }

    @Test(arguments: DataDrivenFile.files(in: Self.shared.appending(path: "testdata")))
    func `members interact as etcd's file says`(file: DataDrivenFile) throws {
        let environment = InteractionEnvironment()
        Self.expectNone(try file.mismatches { environment.run($0) })
    }

    @Test(arguments: DataDrivenFile.files(in: Self.shared.appending(path: "quorum")))
    func `quorums decide as etcd's file says`(file: DataDrivenFile) throws {
        Self.expectNone(try file.mismatches { try QuorumEnvironment($0).run() })
    }

    @Test(arguments: DataDrivenFile.files(in: Self.shared.appending(path: "confchange")))
    func `groups change as etcd's file says`(file: DataDrivenFile) throws {
        var environment = MembershipEnvironment()
        Self.expectNone(try file.mismatches { environment.run($0) })
    }

    @Test(arguments: DataDrivenFile.files(in: Self.here.appending(path: "Transcripts")))
    func `members interact as the transcript says`(file: DataDrivenFile) throws {
        let environment = InteractionEnvironment()
        Self.expectNone(try file.mismatches(isOwn: true) { environment.run($0) })
    }
}
