/// NaCl's secret-key encryption, XSalsa20 with Poly1305, under which SwarmKit keeps the data keys of a locked manager.
///
/// A box is the tag and then the ciphertext. No library that we may use has it.
enum SecretBox {
    static let keySize = 32
    static let nonceSize = 24
    /// What a box has more than its text.
    static let overhead = Poly1305.tagSize

    /// Encrypts `text` with a nonce that the key has not seen.
    static func seal(_ text: [UInt8], key: [UInt8], nonce: [UInt8]) -> [UInt8] {
        let stream = Self.stream(text.count, key: key, nonce: nonce)
        let body = zip(text, stream.body).map { $0 ^ $1 }
        return Poly1305.tag(of: body, key: stream.tagKey) + body
    }

    /// The text of `box`; nil if it was not made with this key and nonce.
    static func open(_ box: [UInt8], key: [UInt8], nonce: [UInt8]) -> [UInt8]? {
        guard box.count >= Self.overhead, nonce.count == Self.nonceSize else { return nil }
        let body = box[Self.overhead...]
        let stream = Self.stream(body.count, key: key, nonce: nonce)
        let tag = Poly1305.tag(of: body, key: stream.tagKey)
        guard ConstantTime.areEqual(tag, Array(box[..<Self.overhead])) else { return nil }
        return zip(body, stream.body).map { $0 ^ $1 }
    }

    /// The key of the tag, and what the text is mixed with.
    private static func stream(
        _ count: Int,
        key: [UInt8],
        nonce: [UInt8]
    ) -> (tagKey: [UInt8], body: ArraySlice<UInt8>) {
        precondition(nonce.count == Self.nonceSize, "a box takes 24 bytes of nonce, not \(nonce.count)")
        let derived = Salsa20.derive(key: key, input: nonce[..<16])
        let stream = Salsa20.stream(32 + count, key: derived, nonce: nonce[16...])
        return (Array(stream[..<32]), stream[32...])
    }
}
