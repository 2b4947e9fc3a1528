import Crypto

/// The key that log and snapshots are encrypted with.
///
/// Each file has a key of its own, derived from this one and the file's random id: a record is bound to its
/// file, and random nonces stay far from their birthday bound however long the cluster lives.
package struct DataKey: Sendable {
    /// The number of bytes of a key.
    package static let size = 32

    private let key: SymmetricKey

    /// Takes a key of exactly `size` bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        self.key = SymmetricKey(data: bytes)
    }

    /// Draws a new key from the system.
    package init() { self.key = SymmetricKey(size: .bits256) }

    /// The key itself, for the file that keeps it.
    package var bytes: [UInt8] { self.key.withUnsafeBytes { Array($0) } }

    /// A number by which a file knows that it is opened with another key; it says nothing about the key.
    var fingerprint: UInt64 {
        let derived = self.derive(salt: [], purpose: "swarmd data key fingerprint", size: 8)
        return derived.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self).littleEndian }
    }

    /// The key of one file.
    ///
    /// `header` is bound to it: with one bit of the header changed, no record opens.
    func fileKey(header: [UInt8]) -> SymmetricKey {
        self.derive(salt: header, purpose: "swarmd log file", size: Self.size)
    }

    private func derive(salt: [UInt8], purpose: String, size: Int) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: self.key,
            salt: salt,
            info: Array(purpose.utf8),
            outputByteCount: size
        )
    }
}
