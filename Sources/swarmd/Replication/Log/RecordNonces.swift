import Glibc

/// Random nonces for the records of one write.
///
/// They are drawn together: each question to the system costs more than the encryption of a small record.
struct RecordNonces {
    /// What AES-GCM takes.
    private static let size = 12
    /// What the system gives at a time (`getentropy`), in whole nonces.
    private static let portion = 256 / Self.size * Self.size

    private var bytes: ArraySlice<UInt8> = []
    private var missing: Int

    /// Nonces for `count` records.
    init(count: Int) { self.missing = count * Self.size }

    /// The next nonce; there are no more than were asked for.
    mutating func next() -> ArraySlice<UInt8> {
        if self.bytes.isEmpty { self.draw() }
        defer { self.bytes = self.bytes.dropFirst(Self.size) }
        return self.bytes.prefix(Self.size)
    }

    private mutating func draw() {
        precondition(self.missing > 0, "more nonces than records")
        let count = min(self.missing, Self.portion)
        self.missing -= count
        var portion = [UInt8](repeating: 0, count: count)
        let result = getentropy(&portion, count)
        precondition(result == 0, "no random bytes (errno \(errno))")
        self.bytes = portion[...]
    }
}
