package import SwarmAPI

/// A port by which the cluster is reached: one number of one transport.
package struct PublishedPort: Hashable, Sendable {
    package let number: UInt32
    package let transport: SwarmPortConfig.ProtocolEnum

    package init(_ number: UInt32, _ transport: SwarmPortConfig.ProtocolEnum) {
        self.number = number
        self.transport = transport
    }
}

extension PublishedPort: CustomStringConvertible {
    /// `8080/tcp`.
    package var description: String { "\(self.number)/\(Self.name(self.transport))" }

    private static func name(_ transport: SwarmPortConfig.ProtocolEnum) -> String {
        switch transport {
        case .tcp: "tcp"
        case .udp: "udp"
        case .sctp: "sctp"
        case .UNRECOGNIZED(let number): "protocol \(number)"
        }
    }
}
