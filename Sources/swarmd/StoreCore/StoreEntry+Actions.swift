import SwarmAPI
import SwiftProtobuf

// The frames of an entry are made by hand: the library measures each object anew for every message that it lies in.
extension [UInt8] {
    /// Appends the `StoreAction` of a change, as the request's next one (`api/raft.proto`).
    ///
    /// A removal carries the whole object, as SwarmKit's does.
    mutating func append(action change: StoreChange) {
        let object = change.value.serialized
        let head: [UInt8] = [0x08, change.number, change.value.field << 3 | 2]
        self.append(0x12)
        self.append(varint: UInt64(head.count + Self.size(ofVarint: object.count) + object.count))
        self += head
        self.append(varint: UInt64(object.count))
        self += object
    }

    /// Appends a number in groups of seven bits, the lowest first.
    mutating func append(varint number: UInt64) {
        var rest = number
        while rest > 0x7f {
            self.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func size(ofVarint number: Int) -> Int { (70 - (number | 1).leadingZeroBitCount) / 7 }
}

extension StoreChange {
    /// The change as a number (`StoreActionKind`).
    fileprivate var number: UInt8 {
        switch self {
        case .create: 1
        case .update: 2
        case .remove: 3
        }
    }
}

extension StoreValue {
    /// The number of the field that carries the object in a `StoreAction`.
    fileprivate var field: UInt8 {
        switch self {
        case .node: 2
        case .service: 3
        case .task: 4
        case .network: 5
        case .cluster: 6
        case .secret: 7
        case .resource: 8
        case .extension: 9
        case .config: 10
        case .volume: 11
        }
    }

    /// The object's bytes; equal objects have equal ones.
    fileprivate var serialized: [UInt8] {
        func bytes(_ object: some StoreObject) -> [UInt8] {
            guard let bytes: [UInt8] = try? object.serializedBytes(options: .deterministic) else {
                preconditionFailure("\(Self.self) \(object.id) can't be serialized")
            }
            return bytes
        }
        return switch self {
        case .node(let object): bytes(object)
        case .service(let object): bytes(object)
        case .network(let object): bytes(object)
        case .task(let object): bytes(object)
        case .cluster(let object): bytes(object)
        case .secret(let object): bytes(object)
        case .resource(let object): bytes(object)
        case .extension(let object): bytes(object)
        case .config(let object): bytes(object)
        case .volume(let object): bytes(object)
        }
    }
}
