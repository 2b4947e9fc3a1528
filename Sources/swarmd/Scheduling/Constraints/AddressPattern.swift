import Primitives

/// An address, or a subnet in CIDR form, that a node's address is compared with.
struct AddressPattern: Sendable, Hashable {
    private let network: IPAddress
    /// How many leading bits of the 128 must agree.
    private let prefix: Int

    /// Reads `10.0.0.1`, `10.0.0.0/8`, `2001:db8::1` or `2001:db8::/32`; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
        self.network = address
        guard parts.count == 2 else {
            self.prefix = 128
            return
        }
        let width = address.isVersion4 ? 32 : 128
        guard let length = Int(parts[1]), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            (0...width).contains(length)
        else { return nil }
        self.prefix = 128 - width + length
    }

    /// Tells whether `text` is an address and the pattern covers it.
    func contains(_ text: String) -> Bool {
        guard let address = IPAddress(text), address.isVersion4 == self.network.isVersion4 else {
            return false
        }
        let mask = self.prefix == 0 ? 0 : UInt128.max << UInt128(128 - self.prefix)
        return address.bits & mask == self.network.bits & mask
    }
}
