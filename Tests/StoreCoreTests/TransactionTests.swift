import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct TransactionTests {
    @Test func `a written object gets the transaction's version and time`() throws {
        let state = try StoreState.with { try $0.create(SwarmTask.fixture("a")) }
        var transaction = Transaction(on: state, version: 9)
        var task = try #require(state.tasks["a"])
        task.nodeID = "n"
        try transaction.update(task)
        let written = try #require(transaction.state.tasks["a"])
        #expect(written.meta.version.index == 9)
        #expect(written.meta.createdAt.seconds == 1)
        #expect(written.meta.updatedAt.seconds == 9)
        #expect(state.tasks["a"]?.nodeID == "")
    }

    @Test func `a second create with the same id or name is refused`() throws {
        var transaction = Transaction(on: StoreState(), version: 1)
        try transaction.create(SwarmService.fixture("a", name: "Web"))
        #expect(throws: StoreError.exists(.service, id: "a")) {
            try transaction.create(SwarmService.fixture("a", name: "other"))
        }
        #expect(throws: StoreError.nameConflict(.service, name: "web")) {
            try transaction.create(SwarmService.fixture("b", name: "WEB"))
        }
        #expect(transaction.changes.count == 1)
    }

    @Test func `an update of what another writer changed is out of sequence`() throws {
        let state = try StoreState.with { try $0.create(SwarmTask.fixture("a")) }
        let seen = try #require(state.tasks["a"])
        var transaction = Transaction(on: state, version: 2)
        try transaction.update(seen)
        #expect(throws: StoreError.outOfSequence(.task, id: "a")) { try transaction.update(seen) }
    }

    @Test func `what is not there can be neither updated nor removed`() {
        var transaction = Transaction(on: StoreState(), version: 1)
        #expect(throws: StoreError.notFound(.task, id: "a")) {
            try transaction.update(SwarmTask.fixture("a"))
        }
        #expect(throws: StoreError.notFound(.node, id: "a")) {
            try transaction.remove(SwarmNode.self, id: "a")
        }
    }

    @Test func `a renamed object frees its old name`() throws {
        let state = try StoreState.with { try $0.create(SwarmNetwork.fixture("a", name: "front")) }
        var transaction = Transaction(on: state, version: 2)
        var network = try #require(state.networks["a"])
        network.spec.annotations.name = "back"
        try transaction.update(network)
        try transaction.create(SwarmNetwork.fixture("b", name: "front"))
        #expect(transaction.state.networks.named("FRONT")?.id == "b")
        #expect(transaction.state.networks.named("back")?.id == "a")
    }
}
