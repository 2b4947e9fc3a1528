import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct TransactionEditsTests {
    @Test func `edits that were overtaken are dropped and the others take effect`() throws {
        let state = try StoreState.with {
            try $0.create(SwarmTask.fixture("a"))
            try $0.create(SwarmTask.fixture("b"))
        }
        let a = try #require(state.tasks["a"])
        var overtaken = try #require(state.tasks["b"])
        overtaken.meta.version.index = 0
        var transaction = Transaction(on: state, version: 2)
        let dropped = transaction.apply([
            .update(.task(a)),
            .update(.task(overtaken)),
            .create(.task(.fixture("a"))),
            .remove(.task, id: "gone"),
            .create(.node(SwarmNode.with { $0.id = "n" })),
            .remove(.task, id: "b"),
        ])
        #expect(dropped == 3)
        #expect(transaction.changes.count == 3)
        #expect(transaction.state.tasks.all.map(\.id) == ["a"])
        #expect(transaction.state.nodes["n"] != nil)
    }

    @Test func `a creation whose name is taken is dropped`() throws {
        let state = try StoreState.with { try $0.create(SwarmService.fixture("a", name: "web")) }
        var transaction = Transaction(on: state, version: 2)
        #expect(transaction.apply([.create(.service(.fixture("b", name: "web")))]) == 1)
    }
}
