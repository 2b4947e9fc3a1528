/// Where a server listens, as hosts write it: "host:port" or "[v6]:port".
package struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The host without brackets.
    package let host: String
    /// The port.
    package let port: Int

    /// The address of a host that is written without brackets.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads an address.
    package init(_ text: String) throws(ServerAddressError) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65535).contains(port)
        else { throw ServerAddressError(text: text, problem: "it needs a port between 1 and 65535") }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard !host.isEmpty, isBracketed || !host.contains(":") else {
            throw ServerAddressError(
                text: text,
                problem: "it needs a host; an IPv6 address stands in brackets"
            )
        }
        self.init(host: isBracketed ? String(host.dropFirst().dropLast()) : String(host), port: port)
    }

    /// The form that `init` reads.
    package var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}

/// A text that should name a server and doesn't.
package struct ServerAddressError: Error, Equatable, CustomStringConvertible {
    /// What was given.
    package let text: String
    /// What is wrong with it.
    package let problem: String

    /// One line for the operator.
    package var description: String { "the address \"\(self.text)\" can't be used: \(self.problem)" }
}
