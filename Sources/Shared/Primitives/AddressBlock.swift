/// A block of addresses that agree in their leading bits: `10.0.0.0/8`, `2001:db8::/32`.
package struct AddressBlock: Sendable, Hashable {
    /// The block's first address.
    package let first: IPAddress
    /// How many leading bits agree, of 32 in version 4 and of 128 in version 6.
    package let length: Int

    /// The block of `length` bits that `address` is in; nil for a length that the version does not have.
    package init?(_ address: IPAddress, length: Int) {
        let width = Self.width(address)
        guard (0...width).contains(length) else { return nil }
        let free = width - length
        let mask = free == 128 ? 0 : UInt128.max << UInt128(free)
        self.first = IPAddress(bits: address.bits & mask)
        self.length = length
    }

    /// Reads `10.0.0.0/8`; bits behind the prefix are taken as zero, as Go's `ParseCIDR` does.
    ///
    /// Nil for anything else, an address alone included.
    package init?(_ text: String) {
        guard let (address, length) = Self.parts(of: text) else { return nil }
        self.init(address, length: length)
    }

    /// The address and the length in `10.0.1.5/24`; nil for anything else.
    package static func parts(of text: String) -> (address: IPAddress, length: Int)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])),
            (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(parts[1]), length <= Self.width(address)
        else { return nil }
        return (address, length)
    }

    package var isVersion4: Bool { self.first.isVersion4 }

    /// The block's last address: in version 4 the one of broadcasts.
    package var last: IPAddress { IPAddress(bits: self.first.bits | self.rest) }

    /// How many addresses it has, less one: the whole of version 6 would not fit otherwise.
    package var rest: UInt128 {
        let free = Self.width(self.first) - self.length
        return free == 128 ? .max : (1 << UInt128(free)) - 1
    }

    package func contains(_ address: IPAddress) -> Bool { (self.first...self.last).contains(address) }

    /// Whether all of `other` is inside.
    package func contains(_ other: AddressBlock) -> Bool {
        self.contains(other.first) && self.contains(other.last)
    }

    /// Whether the blocks have an address in common; one is inside the other then.
    package func overlaps(_ other: AddressBlock) -> Bool {
        self.contains(other.first) || other.contains(self.first)
    }

    /// `address` with the block's length, as networks write it: `10.0.1.5/24`.
    package func text(of address: IPAddress) -> String { "\(address)/\(self.length)" }

    private static func width(_ address: IPAddress) -> Int { address.isVersion4 ? 32 : 128 }
}

extension AddressBlock: CustomStringConvertible {
    package var description: String { "\(self.first)/\(self.length)" }
}
