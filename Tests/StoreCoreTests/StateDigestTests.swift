import Foundation
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct StateDigestTests {
    private func digest(_ task: SwarmTask) throws -> StateDigest {
        try StateDigest(of: StoreState.with { try $0.create(task) })
    }

    private var task: SwarmTask {
        .with {
            $0.id = "t"
            $0.slot = 3
            $0.spec.container.env = ["A=1", "B=2"]
            $0.spec.container.labels = ["a": "1", "b": "2", "c": "3", "d": "4"]
            $0.networks = [.with { $0.addresses = ["10.0.0.2/24"] }]
        }
    }

    /// The task with field 2047, which nobody knows.
    private static func withUnknownField(_ task: SwarmTask) throws -> SwarmTask {
        try SwarmTask(serializedBytes: task.serializedBytes() as [UInt8] + [0xf8, 0x7f, 0x05])
    }

    @Test func `an object that went over the wire keeps its digest`() throws {
        let task = try Self.withUnknownField(self.task)
        #expect(!task.unknownFields.data.isEmpty)
        let read = try SwarmTask(serializedBytes: task.serializedBytes() as [UInt8])
        #expect(try self.digest(read) == self.digest(task))
    }

    @Test func `the order of a map counts for nothing, its contents do`() throws {
        var other = self.task
        other.spec.container.labels = [:]
        for key in ["d", "c", "b", "a"] {
            other.spec.container.labels[key] = self.task.spec.container.labels[key]
        }
        #expect(try self.digest(other) == self.digest(self.task))
        other.spec.container.labels["a"] = "2"
        other.spec.container.labels["b"] = "1"
        #expect(try self.digest(other) != self.digest(self.task))
    }

    @Test func `every difference shows`() throws {
        let changes: [(inout SwarmTask) throws -> Void] = [
            { _ in }, { $0.slot = 4 }, { $0.clearSpec() }, { $0.spec.container.env = ["B=2", "A=1"] },
            { $0.spec.container.env = ["A=1B=2"] }, { $0.spec.container.env = ["A=1", "B=2", ""] },
            { $0.networks[0].addresses = [] }, { $0.networks.append(.init()) }, { $0.status = .init() },
            { $0.status.state = .running }, { $0.desiredState = .running }, { $0.status.message = "running" },
            { $0 = try Self.withUnknownField($0) },
        ]
        let digests = try changes.map { change in
            var task = self.task
            try change(&task)
            return try self.digest(task)
        }
        #expect(Set(digests).count == changes.count)
    }

    @Test func `objects of different kinds with equal fields are different`() throws {
        let secret = try StoreState.with { try $0.create(SwarmSecret.with { $0.id = "x" }) }
        let config = try StoreState.with { try $0.create(SwarmConfig.with { $0.id = "x" }) }
        #expect(StateDigest(of: secret) != StateDigest(of: config))
    }

    @Test func `the digest is the same in every process`() throws {
        #expect(try "\(self.digest(self.task))" == "52490e8adef7ff02ca776e112024f52c")
    }

    @Test func `it goes over the wire, and one of another form is not read`() throws {
        let digest = try self.digest(self.task)
        #expect(StateDigest(bytes: digest.bytes) == digest)
        #expect(StateDigest(bytes: [StateDigest.format &+ 1] + digest.bytes.dropFirst()) == nil)
        #expect(StateDigest(bytes: Array(digest.bytes.dropLast())) == nil)
    }

    /// Managers of two versions would find each other's stores different.
    ///
    /// When this fails, raise `StateDigest.format`, and put the new numbers here.
    @Test func `the form of the digest changes with the messages of objects`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "SwarmAPITests/Descriptors/swarm.fds")
        let set = try Google_Protobuf_FileDescriptorSet(serializedBytes: Data(contentsOf: file))
        let files = set.file.filter { ["types.proto", "specs.proto", "objects.proto"].contains($0.name) }
        #expect(files.count == 3)
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        let bytes: [UInt8] = try files.flatMap { try $0.serializedBytes(options: options) as [UInt8] }
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
        }
        #expect((StateDigest.format, hash) == (1, 16_288_385_444_417_130_115))
    }
}
