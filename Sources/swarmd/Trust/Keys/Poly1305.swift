/// The one-time authenticator Poly1305 (RFC 8439, section 2.5).
///
/// Numbers modulo 2^130 - 5 are five limbs of 26 bits; the time depends on the length of the message only.
enum Poly1305 {
    /// Bytes of a tag.
    static let tagSize = 16
    private static let mask: UInt64 = 0x3ff_ffff

    /// The tag of `message` under a 32-byte key that authenticates nothing else.
    static func tag(of message: some Collection<UInt8>, key: [UInt8]) -> [UInt8] {
        precondition(key.count == 32, "Poly1305 takes 32 bytes of key, not \(key.count)")
        var clamped = Array(key[..<16])
        for index in [3, 7, 11, 15] { clamped[index] &= 15 }
        for index in [4, 8, 12] { clamped[index] &= 252 }
        let factor = Self.limbs(clamped + [0])
        var sum: [UInt64] = [0, 0, 0, 0, 0]
        var rest = Array(message)[...]
        while !rest.isEmpty {
            let block = rest.prefix(16)
            rest = rest.dropFirst(16)
            let padded = block + [1] + [UInt8](repeating: 0, count: 16 - block.count)
            let limbs = Self.limbs(Array(padded))
            for index in 0..<5 { sum[index] += limbs[index] }
            sum = Self.product(sum, factor)
        }
        return Self.finish(sum, pad: Array(key[16...]))
    }

    /// 17 little-endian bytes as limbs.
    private static func limbs(_ bytes: [UInt8]) -> [UInt64] {
        (0..<5).map { limb in
            let bit = 26 * limb
            let window = (0..<5).reduce(UInt64(0)) { window, offset in
                let position = bit / 8 + offset
                return position < bytes.count
                    ? window | UInt64(bytes[position]) << UInt64(8 * offset) : window
            }
            return (window >> UInt64(bit % 8)) & Self.mask
        }
    }

    /// The product, but for a last carry; limbs stay far below 2^28.
    private static func product(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        var result: [UInt64] = [0, 0, 0, 0, 0]
        for i in 0..<5 {
            for j in 0..<5 {
                // What overflows 2^130 comes back five times.
                result[(i + j) % 5] += left[i] * right[j] * (i + j < 5 ? 1 : 5)
            }
        }
        return Self.carried(result)
    }

    private static func carried(_ limbs: [UInt64]) -> [UInt64] {
        var limbs = limbs
        for index in 0..<4 {
            limbs[index + 1] += limbs[index] >> 26
            limbs[index] &= Self.mask
        }
        limbs[0] += (limbs[4] >> 26) * 5
        limbs[4] &= Self.mask
        limbs[1] += limbs[0] >> 26
        limbs[0] &= Self.mask
        return limbs
    }

    /// The number modulo 2^130 - 5 and the pad, modulo 2^128.
    private static func finish(_ sum: [UInt64], pad: [UInt8]) -> [UInt8] {
        let sum = Self.carried(Self.carried(sum))
        // Five more: if that reaches 2^130, the number was not reduced.
        var reduced = sum
        reduced[0] += 5
        for index in 0..<4 {
            reduced[index + 1] += reduced[index] >> 26
            reduced[index] &= Self.mask
        }
        let isReduced = 0 &- (reduced[4] >> 26)
        reduced[4] &= Self.mask
        let limbs = zip(sum, reduced).map { ($0 & ~isReduced) | ($1 & isReduced) }
        var tag: [UInt8] = []
        var carry: UInt64 = 0
        for index in 0..<Self.tagSize {
            let bit = 8 * index
            let (limb, shift) = (bit / 26, UInt64(bit % 26))
            var byte = limbs[limb] >> shift
            if shift > 18 { byte |= limbs[limb + 1] << (26 - shift) }
            carry += (byte & 0xff) + UInt64(pad[index])
            tag.append(UInt8(truncatingIfNeeded: carry))
            carry >>= 8
        }
        return tag
    }
}
