import SwarmAPI

/// A number of 128 bits that equal states have in common, and different ones do not.
///
/// It is the sum of its objects' hashes, so a change costs the hashing of the objects that changed. Managers
/// compare theirs with each other's: a store that strayed from the group's is found before it does harm.
package struct StateDigest: Sendable, Hashable {
    /// What the numbers rest on: the messages that objects are made of, and how they are hashed.
    ///
    /// A manager that does not know a field sees it as unknown bytes, which hash to something else. Whoever
    /// adds a field to an object, or changes the hash, raises it; a test says so.
    package static let format: UInt8 = 1

    private var first: UInt64 = 0
    private var second: UInt64 = 0

    /// The digest of an empty store.
    package init() {}

    /// The digest of a whole state; it costs a look at every object.
    package init(of state: StoreState) {
        for kind in ObjectKind.allCases { self.add(kind.type, of: state) }
    }

    private mutating func add<Object: StoreObject>(_: Object.Type, of state: StoreState) {
        for object in state[keyPath: Object.table].unordered { self.add(object) }
    }

    /// Counts an object in.
    mutating func add(_ object: some StoreObject) {
        let hash = Self.hash(object)
        self.first &+= hash.0
        self.second &+= hash.1
    }

    /// Counts an object out.
    mutating func remove(_ object: some StoreObject) {
        let hash = Self.hash(object)
        self.first &-= hash.0
        self.second &-= hash.1
    }

    private static func hash<Object: StoreObject>(_ object: Object) -> (UInt64, UInt64) {
        // The identifier is one of the object's fields; only its kind is not.
        var hasher = ObjectHasher(seed: Object.kind.number)
        hasher.mix(object)
        return hasher.result
    }
}

// MARK: - On the wire

extension StateDigest {
    /// The digest as managers send it: `format`, then sixteen bytes.
    package var bytes: [UInt8] {
        [Self.format] + Self.bytes(of: self.first) + Self.bytes(of: self.second)
    }

    /// Reads a digest; nil for one of another format, with which nothing can be compared.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 17, bytes[0] == Self.format else { return nil }
        self.first = bytes[1...8].reduce(0) { $0 << 8 | UInt64($1) }
        self.second = bytes[9...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func bytes(of lane: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: lane >> (56 - 8 * $0)) }
    }
}

extension StateDigest: CustomStringConvertible {
    /// Thirty-two hexadecimal digits.
    package var description: String {
        (Self.bytes(of: self.first) + Self.bytes(of: self.second)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
