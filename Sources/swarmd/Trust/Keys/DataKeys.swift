/// The keys under which a manager keeps log and snapshots, as the headers of its key file have them (SwarmKit
/// `manager/deks.go`).
package struct DataKeys: Sendable, Equatable {
    /// How many bytes a key has.
    package static let keySize = 32

    /// What new files were written with before the rotation under way, and everything where there is none.
    package var current: [UInt8]
    /// What takes its place; nil when no rotation is under way.
    ///
    /// Files may be under either.
    package var pending: [UInt8]?
    /// Whether a new one must take the place of `current`, since that was once kept in clear.
    package var needsRotation: Bool

    /// Keys of `keySize` bytes each.
    package init(current: [UInt8], pending: [UInt8]? = nil, needsRotation: Bool = false) {
        self.current = current
        self.pending = pending
        self.needsRotation = needsRotation
    }

    /// A fresh key.
    package init(using generator: inout some RandomNumberGenerator) {
        self.init(current: generator.bytes(Self.keySize))
    }

    /// Begins a rotation to `key`, unless one is under way; then that one goes on.
    package mutating func begin(_ key: [UInt8]) {
        guard self.pending == nil else { return }
        self.pending = key
        self.needsRotation = false
    }

    /// Ends a rotation: nothing is under `current` any more.
    ///
    /// Another one may be needed, if the file was locked meanwhile.
    package mutating func finish() {
        guard let pending = self.pending else { return }
        self.current = pending
        self.pending = nil
    }
}
