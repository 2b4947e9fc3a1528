import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct StoreEntryTests {
    @Test(arguments: [1, 127, 128, 0x0a20_6e58_0df0_0001, UInt64.max])
    func `the id is read without decoding`(id: UInt64) throws {
        #expect(StoreEntry.id(of: try StoreEntry.encode([], id: id)) == id)
    }

    @Test func `bytes without an id have the id zero`() {
        #expect(StoreEntry.id(of: []) == 0)
        #expect(StoreEntry.id(of: [0x12, 0x00]) == 0)
        #expect(StoreEntry.id(of: [0x08, 0xff]) == 0)
    }

    @Test func `a change list that was encoded and applied gives the same state and changes`() throws {
        let start = try StoreState.with {
            try $0.create(SwarmService.fixture("s", name: "web"))
            try $0.create(SwarmTask.fixture("t", service: "s", node: "n"))
        }
        var transaction = Transaction(on: start, version: 5)
        try transaction.create(SwarmTask.fixture("u", service: "s"))
        try transaction.update(try #require(start.services["s"]))
        try transaction.remove(SwarmTask.self, id: "t")
        let bytes = try StoreEntry.encode(transaction.changes, id: 7)
        var follower = start
        let changes = try follower.apply(StoreEntry.decode(bytes))
        #expect(changes == transaction.changes)
        #expect(follower.hash == transaction.state.hash)
        #expect(follower.isConsistent)
    }

    @Test(arguments: ObjectKind.allCases)
    func `an entry has the bytes that the library would give it`(kind: ObjectKind) throws {
        for count in [0, 1, 100, 20_000] {
            let value = StoreValue.sample(of: kind, name: String(repeating: "n", count: count))
            let changes: [StoreChange] = [.create(value), .update(value, old: value), .remove(value)]
            let bytes = try StoreEntry.encode(changes, id: 300)
            let request = try SwarmInternalRaftRequest(serializedBytes: bytes)
            #expect(request.unknownFields.data.isEmpty)
            #expect(
                request.action.map(\.action) == [
                    .storeActionCreate, .storeActionUpdate, .storeActionRemove,
                ]
            )
            #expect(request.action.allSatisfy { $0.target?.value == value && $0.unknownFields.data.isEmpty })
            #expect(try request.serializedBytes() == bytes)
        }
    }

    @Test func `equal changes give equal bytes`() throws {
        let labels = Dictionary(uniqueKeysWithValues: (0..<50).map { ("key\($0)", "value") })
        let again = Dictionary(uniqueKeysWithValues: (0..<50).reversed().map { ("key\($0)", "value") })
        let entries = try [labels, again].map { labels in
            let node = SwarmNode.with { $0.spec.annotations.labels = labels }
            return try StoreEntry.encode([.create(.node(node))], id: 1)
        }
        #expect(entries[0] == entries[1])
    }

    @Test func `more than two hundred changes are refused`() {
        let changes = (0..<201).map { StoreChange.create(.task(.fixture("\($0)"))) }
        #expect(throws: EntryError.self) { try StoreEntry.encode(changes, id: 1) }
    }

    @Test func `bytes that are no request are refused`() {
        #expect(throws: EntryError.malformed(field: "InternalRaftRequest")) {
            try StoreEntry.decode([0xff, 0xff])
        }
    }
}

extension StoreValue {
    /// An object of `kind` with as little as possible in it, and a name.
    fileprivate static func sample(of kind: ObjectKind, name: String) -> Self {
        let spec = SwarmAnnotations.with { $0.name = name }
        return switch kind {
        case .node: .node(.with { $0.spec.annotations = spec })
        case .service: .service(.with { $0.spec.annotations = spec })
        case .network: .network(.with { $0.spec.annotations = spec })
        case .task: .task(.with { $0.annotations = spec })
        case .cluster: .cluster(.with { $0.spec.annotations = spec })
        case .secret: .secret(.with { $0.spec.annotations = spec })
        case .resource: .resource(.with { $0.annotations = spec })
        case .extension: .extension(.with { $0.annotations = spec })
        case .config: .config(.with { $0.spec.annotations = spec })
        case .volume: .volume(.with { $0.spec.annotations = spec })
        }
    }
}
