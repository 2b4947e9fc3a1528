/// The stream cipher Salsa20 with 20 rounds, and the derivation of keys made of it (Bernstein, "Extending the Salsa20
/// nonce").
enum Salsa20 {
    /// "expand 32-byte k", as four little-endian words.
    private static let constants: [UInt32] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]
    private static let blockSize = 64

    /// The first `count` bytes of the stream of a 32-byte key and an 8-byte nonce.
    static func stream(_ count: Int, key: [UInt8], nonce: ArraySlice<UInt8>) -> [UInt8] {
        precondition(nonce.count == 8, "Salsa20 takes 8 bytes of nonce, not \(nonce.count)")
        var stream: [UInt8] = []
        var number: UInt64 = 0
        while stream.count < count {
            let counter = (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
            let start = Self.matrix(key, nonce + counter)
            let mixed = Self.mix(start)
            stream += zip(start, mixed).flatMap { Self.bytes($0 &+ $1) }
            number += 1
        }
        return Array(stream.prefix(count))
    }

    /// HSalsa20: a 32-byte key of a 32-byte key and 16 bytes.
    static func derive(key: [UInt8], input: ArraySlice<UInt8>) -> [UInt8] {
        precondition(input.count == 16, "HSalsa20 takes 16 bytes, not \(input.count)")
        let mixed = Self.mix(Self.matrix(key, Array(input)[...]))
        return [0, 5, 10, 15, 6, 7, 8, 9].flatMap { Self.bytes(mixed[$0]) }
    }

    /// The 4 x 4 words that a block is made of.
    private static func matrix(_ key: [UInt8], _ input: ArraySlice<UInt8>) -> [UInt32] {
        precondition(key.count == 32, "Salsa20 takes 32 bytes of key, not \(key.count)")
        let (key, input, constants) = (Self.words(key), Self.words(input), Self.constants)
        return [constants[0]] + key[0..<4] + [constants[1]] + input + [constants[2]] + key[4..<8] + [
            constants[3]
        ]
    }

    /// Ten times: the columns, then the rows.
    private static func mix(_ matrix: [UInt32]) -> [UInt32] {
        var words = matrix
        for _ in 0..<10 {
            Self.quarter(&words, 0, 4, 8, 12)
            Self.quarter(&words, 5, 9, 13, 1)
            Self.quarter(&words, 10, 14, 2, 6)
            Self.quarter(&words, 15, 3, 7, 11)
            Self.quarter(&words, 0, 1, 2, 3)
            Self.quarter(&words, 5, 6, 7, 4)
            Self.quarter(&words, 10, 11, 8, 9)
            Self.quarter(&words, 15, 12, 13, 14)
        }
        return words
    }

    private static func quarter(_ words: inout [UInt32], _ a: Int, _ b: Int, _ c: Int, _ d: Int) {
        words[b] ^= Self.rotate(words[a] &+ words[d], 7)
        words[c] ^= Self.rotate(words[b] &+ words[a], 9)
        words[d] ^= Self.rotate(words[c] &+ words[b], 13)
        words[a] ^= Self.rotate(words[d] &+ words[c], 18)
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word << count | word >> (32 - count)
    }

    private static func words(_ bytes: some Collection<UInt8>) -> [UInt32] {
        let bytes = Array(bytes)
        return stride(from: 0, to: bytes.count, by: 4).map { start in
            (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
        }
    }

    private static func bytes(_ word: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
    }
}
