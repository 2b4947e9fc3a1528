import Replication
import SwarmAPI
import SwiftProtobuf
import Testing

struct SnapshotImageTests {
    private static let membership = SwarmClusterSnapshot.with {
        $0.members = [.with { $0.raftID = 7 }]
        $0.removed = [3]
    }

    @Test func `the group is found before, behind and between the store's parts`() throws {
        let group: [UInt8] = try SwarmSnapshot.with { $0.membership = Self.membership }.serializedBytes()
        let store: [UInt8] = try SwarmSnapshot.with {
            $0.store.tasks = (0..<100).map { number in .with { $0.id = "t\(number)" } }
        }.serializedBytes()
        for bytes in [group, group + store, store + group, store + group + store] {
            #expect(SnapshotImage.membership(of: bytes) == Self.membership)
        }
        #expect(SnapshotImage.membership(of: store) == SwarmClusterSnapshot())
        #expect(SnapshotImage.membership(of: []) == SwarmClusterSnapshot())
    }

    @Test func `bytes that are no snapshot name nobody`() throws {
        let group: [UInt8] = try SwarmSnapshot.with { $0.membership = Self.membership }.serializedBytes()
        for count in 1..<group.count {
            #expect(SnapshotImage.membership(of: Array(group[..<count])) == SwarmClusterSnapshot())
        }
        let endless = [UInt8](repeating: 0xff, count: 20)
        #expect(SnapshotImage.membership(of: endless) == SwarmClusterSnapshot())
        // A length beyond any memory.
        let huge: [UInt8] = [0x1a] + [UInt8](repeating: 0xff, count: 9) + [0x01]
        #expect(SnapshotImage.membership(of: huge) == SwarmClusterSnapshot())
    }
}
