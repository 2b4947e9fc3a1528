package import GRPCNIOTransportHTTP2

/// Where a server listens, as hosts write it: "host:port" or "[v6]:port".
package struct ServerAddress: Sendable, Hashable {
    /// The host without brackets.
    package let host: String
    /// The port.
    package let port: Int

    /// The address of a host that is written without brackets.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads an address; nil if it is of neither form or its port is none.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65535).contains(port)
        else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard !host.isEmpty, isBracketed || !host.contains(":") else { return nil }
        self.init(host: isBracketed ? String(host.dropFirst().dropLast()) : String(host), port: port)
    }

    /// The form that `init` reads.
    package var text: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    /// The form that gRPC connects to.
    package var target: any (ResolvableTarget & Sendable) {
        if self.host.contains(":") { return .ipv6(address: self.host, port: self.port) }
        let numbers = self.host.split(separator: ".", omittingEmptySubsequences: false)
        if numbers.count == 4, numbers.allSatisfy({ UInt8($0) != nil }) {
            return .ipv4(address: self.host, port: self.port)
        }
        return .dns(host: self.host, port: self.port)
    }
}
