import Testing

@testable import Trust

@Suite struct SecretBoxTests {
    /// The vectors of NaCl's own tests (Bernstein, Lange, Schwabe: "Cryptography in NaCl").
    private enum NaCl {
        static let shared = Hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
        static let key = Hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389")
        static let nonce = Hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37")
        static let text = Hex(
            """
            be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a\
            1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057\
            e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040\
            e082f937763848645e0705
            """
        )
        static let box = Hex(
            """
            f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4\
            476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738\
            b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de\
            56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5
            """
        )
    }

    @Test func `a key is derived as NaCl does`() {
        let key = Salsa20.derive(key: NaCl.shared.bytes, input: [UInt8](repeating: 0, count: 16)[...])
        #expect(key == NaCl.key.bytes)
    }

    @Test func `a box is NaCl's`() {
        let box = SecretBox.seal(NaCl.text.bytes, key: NaCl.key.bytes, nonce: NaCl.nonce.bytes)
        #expect(box == NaCl.box.bytes)
        #expect(SecretBox.open(box, key: NaCl.key.bytes, nonce: NaCl.nonce.bytes) == NaCl.text.bytes)
    }

    @Test func `a box with one bit changed does not open`() {
        for position in NaCl.box.bytes.indices {
            var box = NaCl.box.bytes
            box[position] ^= 1 << UInt8(position % 8)
            #expect(SecretBox.open(box, key: NaCl.key.bytes, nonce: NaCl.nonce.bytes) == nil)
        }
    }

    @Test func `another key or nonce does not open a box`() {
        var key = NaCl.key.bytes
        key[31] ^= 128
        var nonce = NaCl.nonce.bytes
        nonce[23] ^= 1
        #expect(SecretBox.open(NaCl.box.bytes, key: key, nonce: NaCl.nonce.bytes) == nil)
        #expect(SecretBox.open(NaCl.box.bytes, key: NaCl.key.bytes, nonce: nonce) == nil)
        #expect(SecretBox.open(NaCl.box.bytes, key: NaCl.key.bytes, nonce: []) == nil)
        #expect(SecretBox.open([1, 2, 3], key: NaCl.key.bytes, nonce: NaCl.nonce.bytes) == nil)
    }

    @Test func `an empty text has a box`() {
        let box = SecretBox.seal([], key: NaCl.key.bytes, nonce: NaCl.nonce.bytes)
        #expect(box.count == SecretBox.overhead)
        #expect(SecretBox.open(box, key: NaCl.key.bytes, nonce: NaCl.nonce.bytes) == [])
    }

    /// RFC 8439, section 2.5.2.
    @Test func `a tag is the RFC's`() {
        let key = Hex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b")
        let tag = Poly1305.tag(of: Array("Cryptographic Forum Research Group".utf8), key: key.bytes)
        #expect(tag == Hex("a8061dc1305136c6c22b8baf0c0127a9").bytes)
    }

    /// RFC 8439, appendix A.3, vectors 7 to 11: where the arithmetic wraps.
    @Test(
        arguments: [
            (2, 0x00, [(0xff, 0xff)], (3, 0x00)),
            (2, 0xff, [(0x02, 0x00)], (3, 0x00)),
            (1, 0x00, [(0xff, 0xff), (0xf0, 0xff), (0x11, 0x00)], (5, 0x00)),
            (1, 0x00, [(0xff, 0xff), (0xfb, 0xfe), (0x01, 0x01)], (0, 0x00)),
            (2, 0x00, [(0xfd, 0xff)], (0xfa, 0xff)),
        ] as [(UInt8, UInt8, [(UInt8, UInt8)], (UInt8, UInt8))]
    )
    func `a tag is right where numbers wrap`(
        factor: UInt8,
        pad: UInt8,
        message: [(UInt8, UInt8)],
        tag: (UInt8, UInt8)
    ) {
        func block(_ first: UInt8, _ rest: UInt8) -> [UInt8] { [first] + [UInt8](repeating: rest, count: 15) }
        let key = block(factor, 0) + [UInt8](repeating: pad, count: 16)
        let text = message.flatMap { block($0.0, $0.1) }
        #expect(Poly1305.tag(of: text, key: key) == block(tag.0, tag.1))
    }
}

/// Bytes written as digits.
struct Hex {
    let bytes: [UInt8]

    init(_ digits: String) {
        let digits = Array(digits)
        self.bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0..<$0 + 2]), radix: 16)
        }
        precondition(self.bytes.count * 2 == digits.count, "these are no digits of 16")
    }
}
