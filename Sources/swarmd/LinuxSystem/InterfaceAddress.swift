import Glibc

/// An address of a network interface of this machine.
package struct InterfaceAddress: Sendable, Hashable {
    /// The interface: "eth0".
    package let interface: String
    /// The address: "192.0.2.1" or "2001:db8::1".
    package let address: String

    package init(interface: String, address: String) {
        self.interface = interface
        self.address = address
    }

    /// The addresses by which other machines may reach this one, in the order of their interfaces: those of interfaces
    /// that are up, without the loopback's and without those that hold on one link only.
    ///
    /// Throws `SystemError` if the kernel does not tell them.
    package static func current() throws -> [InterfaceAddress] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { throw SystemError.last("getifaddrs") }
        defer { freeifaddrs(list) }
        var found: [InterfaceAddress] = []
        var next = list
        while let entry = next {
            next = entry.pointee.ifa_next
            let flags = Int32(bitPattern: entry.pointee.ifa_flags)
            guard flags & Int32(IFF_UP) != 0, flags & Int32(IFF_LOOPBACK) == 0,
                let raw = entry.pointee.ifa_addr, let text = Self.text(of: raw)
            else { continue }
            let address = InterfaceAddress(interface: String(cString: entry.pointee.ifa_name), address: text)
            if !found.contains(address) { found.append(address) }
        }
        return found.sorted { ($0.interface, $0.address) < ($1.interface, $1.address) }
    }

    /// The address in numbers; nil for what is no IP address, or one of a link.
    private static func text(of raw: UnsafeMutablePointer<sockaddr>) -> String? {
        let length: Int
        switch Int32(raw.pointee.sa_family) {
        case AF_INET: length = MemoryLayout<sockaddr_in>.size
        case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
        default: return nil
        }
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(raw, socklen_t(length), &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return nil }
        let text = String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.hasPrefix("fe80:") || text.hasPrefix("169.254.") ? nil : text
    }
}
