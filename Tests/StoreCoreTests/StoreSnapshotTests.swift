import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct StoreSnapshotTests {
    @Test func `a snapshot that is read gives the same state, membership and bytes`() throws {
        let state = try StoreState.with {
            try $0.create(SwarmService.fixture("s", name: "web"))
            for number in (0..<20).reversed() {
                try $0.create(SwarmTask.fixture("t\(number)", service: "s", slot: UInt64(number)))
            }
        }
        let membership = SwarmClusterSnapshot.with {
            $0.members = [.with { $0.raftID = 7 }]
            $0.removed = [3]
        }
        let snapshot = StoreSnapshot(state: state, membership: membership)
        let read = try StoreSnapshot(bytes: snapshot.bytes)
        #expect(read.membership == membership)
        #expect(read.state.hash == state.hash)
        #expect(read.state.isConsistent)
        #expect(read.bytes == snapshot.bytes)
        let tasks = try SwarmSnapshot(serializedBytes: snapshot.bytes).store.tasks.map(\.id)
        #expect(tasks.count == 20 && tasks == tasks.sorted())
    }

    @Test func `many objects come in many slices, each readable, together the whole`() throws {
        let state = try StoreState.with {
            for number in 0..<1_000 { try $0.create(SwarmTask.fixture("t\(number)")) }
            try $0.create(SwarmService.fixture("s", name: "web"))
        }
        let membership = SwarmClusterSnapshot.with { $0.removed = [3] }
        let slices = Array(StoreSnapshot(state: state, membership: membership).slices)
        #expect(slices.count > 10)
        var tasks = 0
        for slice in slices { tasks += try SwarmSnapshot(serializedBytes: slice).store.tasks.count }
        #expect(tasks == 1_000)
        let read = try StoreSnapshot(bytes: slices.flatMap(\.self))
        #expect(read.membership == membership)
        #expect(read.state.hash == state.hash)
    }

    @Test func `a later version and doubled objects are refused`() throws {
        let later = SwarmSnapshot.with { $0.version = .UNRECOGNIZED(3) }
        #expect(throws: SnapshotError.unsupportedVersion(3)) { try StoreSnapshot(later) }
        let doubled = SwarmSnapshot.with { $0.store.tasks = [.fixture("a"), .fixture("a")] }
        #expect(throws: SnapshotError.duplicate(.task, id: "a")) { try StoreSnapshot(doubled) }
        #expect(throws: SnapshotError.malformed) { try StoreSnapshot(bytes: [0xff]) }
    }

    @Test func `the hash tells states apart`() throws {
        let one = try StoreState.with { try $0.create(SwarmTask.fixture("a")) }
        let other = try StoreState.with { try $0.create(SwarmTask.fixture("a", node: "n")) }
        #expect(one.hash != other.hash)
        #expect(StoreState().hash != one.hash)
    }
}
