import Crypto

/// The body of a snapshot file of format 3: frames that are encrypted one by one.
///
/// A frame is the length of what follows and an AES-256-GCM box without its nonce, which is the frame's number
/// and whether it is the last one; the file's key encrypts nothing else. So no frame can be left out, moved or
/// cut off.
enum SnapshotFrames {
    /// The text of a frame, but for the last one, which may have less.
    static let textBytes = 1 << 20
    /// The length before a box.
    static let prefixBytes = 4
    /// The tag behind the text.
    static let tagBytes = 16
    /// The largest box.
    static let largestBox = UInt64(textBytes + tagBytes)

    /// The frame `number` with `text`.
    static func seal(
        _ text: some Collection<UInt8>,
        number: UInt64,
        isLast: Bool,
        key: SymmetricKey
    ) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            Array(text),
            using: key,
            nonce: try AES.GCM.Nonce(data: Self.nonce(number, isLast: isLast))
        )
        var frame: [UInt8] = []
        frame.reserveCapacity(Self.prefixBytes + box.ciphertext.count + Self.tagBytes)
        frame.append(number: UInt32(box.ciphertext.count + Self.tagBytes))
        frame += box.ciphertext
        frame += box.tag
        return frame
    }

    /// The text of a box that was frame `number`; nil if it was not, or not with `key`.
    static func open(_ box: [UInt8], number: UInt64, isLast: Bool, key: SymmetricKey) -> [UInt8]? {
        guard box.count >= Self.tagBytes,
            let nonce = try? AES.GCM.Nonce(data: Self.nonce(number, isLast: isLast)),
            let sealed = try? AES.GCM.SealedBox(
                nonce: nonce,
                ciphertext: box.dropLast(Self.tagBytes),
                tag: box.suffix(Self.tagBytes)
            ),
            let text = try? AES.GCM.open(sealed, using: key)
        else { return nil }
        return Array(text)
    }

    private static func nonce(_ number: UInt64, isLast: Bool) -> [UInt8] {
        var nonce: [UInt8] = []
        nonce.append(number: number)
        nonce.append(number: UInt32(isLast ? 1 : 0))
        return nonce
    }
}
