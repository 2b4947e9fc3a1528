import RaftCore
import Replication
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

/// What becomes of members that may not go on, among real ones.
@Suite(.timeLimit(.minutes(1))) struct LoopbackGroupTests {
    /// The digest of a store with one config.
    private func digest(_ name: String) -> StateDigest {
        var state = StoreState()
        state.carryOut([.create(.config(.with { $0.id = name }))])
        return StateDigest(of: state)
    }

    @Test func `a removed member hears it from the others and ends`() async throws {
        try await LoopbackGroup.with(3) { group in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                defer { tasks.cancelAll() }
                tasks.addTask { try await group.members[1].run() }
                tasks.addTask {
                    let error = await #expect(throws: LogError.self) { try await group.members[2].run() }
                    #expect(error == .removed)
                }
                try await group.form()
                try await group.change { try await $0.remove(3) }
                // The others run on; the removed one ends by itself.
                try await tasks.next()
            }
            #expect(group.members[0].membership.members.count == 2)
        }
    }

    @Test func `a member whose store strayed stops, and the others go on`() async throws {
        let (right, wrong) = (self.digest("right"), self.digest("wrong"))
        try await LoopbackGroup.with(3) { group in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                defer { tasks.cancelAll() }
                tasks.addTask { try await group.members[1].run() }
                tasks.addTask {
                    let error = await #expect(throws: LogError.self) { try await group.members[2].run() }
                    #expect(error == .astray(index: 1_024, own: "\(wrong)", group: "\(right)"))
                }
                try await group.form()
                for member in group.members { member.share(right, at: 512) }
                group.members[2].share(wrong, at: 1_024)
                for member in group.members[..<2] { member.share(right, at: 1_024) }
                try await tasks.next()
                try await group.change { _ = try await $0.readIndex() }
            }
        }
    }
}
