package import Primitives
package import SwarmAPI

/// A block of a network's addresses, and which of them are given out on their own.
package struct AddressPool: Sendable, Hashable {
    /// The subnet.
    package let block: AddressBlock
    /// The part that addresses are taken from where nobody asks for a certain one.
    let range: AddressBlock
    /// Addresses that are not given out: the gateway, and those that the spec reserves.
    let kept: Set<IPAddress>

    /// The pool of a network's setting; nil where it has no subnet yet, or one that cannot be read.
    package init?(_ config: SwarmIPAMConfig) {
        guard let block = AddressBlock(config.subnet) else { return nil }
        self.block = block
        // A range that is larger than its subnet counts as the subnet, as in networks from before Docker 24.
        self.range = AddressBlock(config.range).flatMap { block.contains($0) ? $0 : nil } ?? block
        let reserved = config.reserved.values.compactMap { IPAddress($0) }
        self.kept = Set(reserved + [IPAddress(config.gateway)].compactMap(\.self))
    }

    /// Whether `address` may be given to somebody: inside, and not one that stands for the subnet or for all in it.
    package func allows(_ address: IPAddress) -> Bool {
        guard self.block.contains(address), !self.kept.contains(address) else { return false }
        guard self.block.isVersion4 else { return address != self.block.first }
        // The two addresses of a /31 are both usable (RFC 3021), and the one of a /32.
        return self.block.rest <= 1 || (address != self.block.first && address != self.block.last)
    }

    /// How many addresses can be given out in all, at most; saturates.
    package var capacity: UInt64 {
        let ends: UInt128 = self.block.isVersion4 ? (self.block.rest <= 1 ? 0 : 2) : 1
        let outer = UInt128(self.kept.filter { self.block.contains($0) }.count) + ends
        let all = self.block.rest == .max ? UInt128.max : self.block.rest + 1
        return UInt64(clamping: all > outer ? all - outer : 0)
    }
}
