import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct EditBatchesTests {
    private func parts(_ edits: [StoreEdit]) throws -> (sizes: [Int], state: StoreState) {
        var batches = EditBatches(edits)
        var state = StoreState()
        var sizes: [Int] = []
        while !batches.isEmpty {
            var transaction = Transaction(on: state, version: UInt64(sizes.count))
            let part = try batches.next(in: &transaction, id: 1)
            sizes.append(transaction.changes.count)
            #expect(part.entry.count <= EntryLimits.bytes)
            state = transaction.state
        }
        return (sizes, state)
    }

    @Test func `at most two hundred changes go into one entry`() throws {
        let edits = (0..<450).map { StoreEdit.create(.task(.fixture("t\($0)"))) }
        let (sizes, state) = try self.parts(edits)
        #expect(sizes == [200, 200, 50])
        #expect(state.tasks.count == 450)
    }

    @Test func `large changes are spread over more entries`() throws {
        let image = String(repeating: "x", count: 100_000)
        let edits = (0..<40).map { number in
            StoreEdit.create(
                .task(
                    SwarmTask.with {
                        $0.id = "t\(number)"
                        $0.spec.container.image = image
                    }
                )
            )
        }
        let (sizes, state) = try self.parts(edits)
        #expect(sizes.count > 2)
        #expect(sizes.reduce(0, +) == 40)
        #expect(state.tasks.count == 40)
    }

    @Test func `a single change larger than an entry is an error`() {
        let image = String(repeating: "x", count: EntryLimits.bytes)
        let task = SwarmTask.with { $0.spec.container.image = image }
        #expect(throws: EntryError.self) { try self.parts([.create(.task(task))]) }
    }

    @Test func `nothing gives no entry`() throws {
        #expect(try self.parts([]).sizes.isEmpty)
    }
}
