import SwarmAPI
import SwiftProtobuf
import Testing

@testable import WorkerNode

@Suite struct AssignmentSetTests {
    @Test func `a complete message replaces everything`() {
        var set = AssignmentSet(tasks: [.make("old"), .make("same")])
        let difference = set.apply(.complete([.make("same"), .make("b"), .make("a")]))
        #expect(difference == .init(updated: [.make("a"), .make("b")], withdrawn: ["old"]))
        #expect(set.tasks.keys.sorted() == ["a", "b", "same"])
    }

    @Test func `an incremental message changes what it names`() {
        var set = AssignmentSet(tasks: [.make("t1"), .make("t2"), .make("t3")])
        let stopped = SwarmTask.make("t2", desired: .shutdown)
        let difference = set.apply(.incremental(from: 1, [stopped], removing: ["t1", "unknown"]))
        #expect(difference == .init(updated: [stopped], withdrawn: ["t1"]))
        #expect(set.tasks.keys.sorted() == ["t2", "t3"])
    }

    @Test func `a version that differs only in status and meta is no news`() {
        var set = AssignmentSet(tasks: [.make("t1")])
        var task = SwarmTask.make("t1")
        task.status.state = .running
        task.meta.version.index = 9
        #expect(set.apply(.incremental(from: 1, [task])) == .init())
    }

    @Test func `secrets and configs follow the messages`() {
        func message(_ action: SwarmAssignmentChange.AssignmentAction) -> SwarmAssignmentsMessage {
            .with {
                $0.type = .incremental
                $0.changes = [
                    .with {
                        $0.assignment.secret = .with { $0.id = "secret1" }
                        $0.action = action
                    },
                    .with {
                        $0.assignment.config = .with { $0.id = "config1" }
                        $0.action = action
                    },
                ]
            }
        }
        var set = AssignmentSet()
        #expect(set.apply(message(.update)) == .init())
        #expect(set.secrets.keys.sorted() == ["secret1"])
        #expect(set.configs.keys.sorted() == ["config1"])
        _ = set.apply(message(.remove))
        #expect(set.secrets.isEmpty && set.configs.isEmpty)
        _ = set.apply(message(.update))
        _ = set.apply(.complete([]))
        #expect(set.secrets.isEmpty && set.configs.isEmpty)
    }
}
