import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct StoreStateApplyTests {
    private func action(
        _ kind: SwarmStoreActionKind,
        _ target: SwarmStoreAction.OneOf_Target?
    ) -> SwarmStoreAction {
        var action = SwarmStoreAction()
        action.action = kind
        action.target = target
        return action
    }

    @Test func `versions are not checked and the object is stored as it came`() throws {
        var state = try StoreState.with { try $0.create(SwarmTask.fixture("a")) }
        let task = SwarmTask.with {
            $0.id = "a"
            $0.meta.version.index = 77
        }
        let request = SwarmInternalRaftRequest.with {
            $0.action = [self.action(.storeActionUpdate, .task(task))]
        }
        let changes = try state.apply(request)
        #expect(state.tasks["a"] == task)
        #expect(changes.count == 1)
    }

    @Test func `the removal of what is gone changes nothing`() throws {
        var state = StoreState()
        let request = SwarmInternalRaftRequest.with {
            $0.action = [self.action(.storeActionRemove, .task(.fixture("a")))]
        }
        #expect(try state.apply(request).isEmpty)
    }

    @Test func `an action that is not understood changes nothing at all`() {
        var state = StoreState()
        let good = self.action(.storeActionCreate, .task(.fixture("a")))
        for (bad, field) in [
            (self.action(.UNRECOGNIZED(9), .task(.fixture("b"))), "StoreAction.action"),
            (self.action(.storeActionCreate, nil), "StoreAction.target"),
        ] {
            let request = SwarmInternalRaftRequest.with { $0.action = [good, bad] }
            #expect(throws: EntryError.malformed(field: field)) { try state.apply(request) }
            #expect(state.tasks.count == 0)
        }
    }

    @Test func `a value takes no more room than its commonest kind`() {
        #expect(MemoryLayout<StoreValue>.stride <= MemoryLayout<SwarmTask>.stride + 8)
    }

    @Test func `every kind can be put in and taken out`() throws {
        let values: [StoreValue] = [
            .node(.with { $0.id = "x" }), .service(.fixture("x", name: "a")),
            .network(.fixture("x", name: "a")),
            .task(.fixture("x")), .cluster(.with { $0.id = "x" }), .secret(.with { $0.id = "x" }),
            .resource(.with { $0.id = "x" }), .extension(.with { $0.id = "x" }),
            .config(.with { $0.id = "x" }),
            .volume(.with { $0.id = "x" }),
        ]
        #expect(values.map(\.kind) == ObjectKind.allCases)
        for value in values {
            var state = StoreState()
            let created = try StoreEntry.encode([.create(value)], id: 1)
            #expect(try state.apply(StoreEntry.decode(created)) == [.create(value)])
            #expect(state.value(value.kind, id: "x") == value)
            let removed = try StoreEntry.encode([.remove(value)], id: 2)
            #expect(try state.apply(StoreEntry.decode(removed)) == [.remove(value)])
            #expect(state.value(value.kind, id: "x") == nil)
        }
    }
}
