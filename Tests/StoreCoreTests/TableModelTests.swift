import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

/// Random operations on the store beside plain dictionaries that do the same the slow way.
struct TableModelTests {
    private struct Model: Equatable {
        var tasks: [String: SwarmTask] = [:]
        var services: [String: SwarmService] = [:]

        func tasks(where matches: (SwarmTask) -> Bool) -> [String] {
            self.tasks.values.filter(matches).map(\.id).sorted()
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `table, names and indexes agree with plain dictionaries`(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        var model = Model()
        var state = StoreState()
        var copies: [(state: StoreState, model: Model)] = []
        for step in 1...400 {
            var transaction = Transaction(on: state, version: UInt64(step))
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                self.change(&transaction, &model, using: &dice)
            }
            let before = state.hash
            if Int.random(in: 0..<10, using: &dice) > 0 {
                state = try self.replay(transaction, on: state)
            } else {
                model = self.model(of: state)
                #expect(state.hash == before)
                transaction.undo()
                #expect(transaction.state.hash == before)
                #expect(transaction.state.isConsistent && transaction.changes.isEmpty)
                state = transaction.state
            }
            if step % 50 == 0 { copies.append((state, model)) }
            try self.compare(state, model)
        }
        for copy in copies { try self.compare(copy.state, copy.model) }
    }

    /// The transaction's state, checked against a follower's who gets it over the wire.
    private func replay(_ transaction: Transaction, on state: StoreState) throws -> StoreState {
        var follower = state
        let entry = try StoreEntry.encode(transaction.changes, id: 1)
        #expect(try follower.apply(StoreEntry.decode(entry)) == transaction.changes)
        #expect(follower.hash == transaction.state.hash)
        var leader = state
        leader.carryOut(transaction.changes)
        #expect(leader.hash == transaction.state.hash && leader.isConsistent)
        return transaction.state
    }

    private func change(
        _ transaction: inout Transaction,
        _ model: inout Model,
        using dice: inout SeededGenerator
    ) {
        let id = "id\(Int.random(in: 0..<12, using: &dice))"
        switch Int.random(in: 0..<6, using: &dice) {
        case 0, 1: self.writeTask(id, &transaction, &model, using: &dice)
        case 2: self.remove(SwarmTask.self, id, &transaction) { model.tasks[id] = nil }
        case 3, 4: self.writeService(id, &transaction, &model, using: &dice)
        default: self.remove(SwarmService.self, id, &transaction) { model.services[id] = nil }
        }
    }

    private func remove<Object: StoreObject>(
        _ type: Object.Type,
        _ id: String,
        _ transaction: inout Transaction,
        then: () -> Void
    ) {
        let isThere = transaction.state[keyPath: Object.table][id] != nil
        do throws(StoreError) {
            try transaction.remove(type, id: id)
            #expect(isThere)
            then()
        } catch { #expect(!isThere && error == .notFound(Object.kind, id: id)) }
    }

    private func writeTask(
        _ id: String,
        _ transaction: inout Transaction,
        _ model: inout Model,
        using dice: inout SeededGenerator
    ) {
        var task = transaction.state.tasks[id] ?? SwarmTask.fixture(id)
        task.serviceID = ["", "s1", "s2"].randomElement(using: &dice) ?? ""
        task.nodeID = ["", "n1", "n2"].randomElement(using: &dice) ?? ""
        task.slot = UInt64.random(in: 0...2, using: &dice)
        let secrets = ["x", "y", "z"].prefix(Int.random(in: 0...3, using: &dice))
        task.spec.container.secrets = secrets.map { secret in .with { $0.secretID = secret } }
        let isNew = model.tasks[id] == nil
        do {
            if isNew { try transaction.create(task) } else { try transaction.update(task) }
            model.tasks[id] = transaction.state.tasks[id]
        } catch { Issue.record("task \(id): \(error)") }
    }

    private func writeService(
        _ id: String,
        _ transaction: inout Transaction,
        _ model: inout Model,
        using dice: inout SeededGenerator
    ) {
        let name = "Name\(Int.random(in: 0..<15, using: &dice))"
        var service = transaction.state.services[id] ?? SwarmService.fixture(id, name: name)
        service.spec.annotations.name = name
        let isTaken = model.services.values.contains { $0.id != id && $0.spec.annotations.name == name }
        do throws(StoreError) {
            if model.services[id] == nil {
                try transaction.create(service)
            } else {
                try transaction.update(service)
            }
            #expect(!isTaken)
            model.services[id] = transaction.state.services[id]
        } catch { #expect(isTaken && error == .nameConflict(.service, name: name.lowercased())) }
    }

    private func model(of state: StoreState) -> Model {
        Model(
            tasks: Dictionary(uniqueKeysWithValues: state.tasks.all.map { ($0.id, $0) }),
            services: Dictionary(uniqueKeysWithValues: state.services.all.map { ($0.id, $0) })
        )
    }

    private func compare(_ state: StoreState, _ model: Model) throws {
        #expect(state.isConsistent)
        #expect(self.model(of: state) == model)
        for service in ["s1", "s2"] {
            let expected = model.tasks { $0.serviceID == service }
            #expect(state.tasks.find(.service(service)).map(\.id) == expected)
            #expect(state.tasks.count(.service(service)) == expected.count)
            let slot = model.tasks { $0.serviceID == service && $0.slot == 1 }
            #expect(state.tasks.find(.slot(service: service, number: 1)).map(\.id) == slot)
        }
        for node in ["n1", "n2"] {
            #expect(state.tasks.find(.node(node)).map(\.id) == model.tasks { $0.nodeID == node })
        }
        for secret in ["x", "y", "z"] {
            let expected = model.tasks { $0.spec.container.secrets.contains { $0.secretID == secret } }
            #expect(state.tasks.find(.secret(secret)).map(\.id) == expected)
        }
        for service in model.services.values {
            #expect(state.services.named(service.spec.annotations.name.uppercased())?.id == service.id)
        }
    }
}
