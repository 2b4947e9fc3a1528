import GRPCNIOTransportHTTP2
import SwarmRPC

/// Where a manager listens: a host name or IP address, and a port.
package struct ManagerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The host without brackets.
    package let host: String
    package let port: Int

    /// Reads "host:port" or "[v6]:port".
    package init(_ text: String) throws(ManagerAddressError) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65535).contains(port)
        else { throw ManagerAddressError(text: text, problem: "it needs a port between 1 and 65535") }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard !host.isEmpty, isBracketed || !host.contains(":") else {
            throw ManagerAddressError(
                text: text,
                problem: "it needs a host; an IPv6 address stands in brackets"
            )
        }
        self.host = isBracketed ? String(host.dropFirst().dropLast()) : String(host)
        self.port = port
    }

    /// The form that `init` reads.
    package var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    /// The form that gRPC connects to.
    var target: any (ResolvableTarget & Sendable) {
        ServerAddress(host: self.host, port: self.port).target
    }
}

/// A text that should name a manager and doesn't.
package struct ManagerAddressError: Error, Equatable, CustomStringConvertible {
    package var text: String
    package var problem: String

    /// One line for the operator.
    package var description: String { "manager address \"\(self.text)\" can't be used: \(self.problem)" }
}
