/// Where this process's network namespace leads to.
package struct NetworkRoutes: Sendable, Equatable {
    /// `RTF_GATEWAY` of the kernel's route flags.
    private static let gatewayFlag: UInt32 = 0x2

    /// The interfaces with a route through another machine, sorted; packets elsewhere stay on their link.
    package let gateways: [String]

    /// The routes of the present namespace.
    ///
    /// Throws `SystemError` if the kernel does not tell them.
    package static func current() throws -> NetworkRoutes {
        let ipv6 = "/proc/self/net/ipv6_route"
        return NetworkRoutes(
            ipv4: try Files.readText("/proc/self/net/route"),
            // A kernel without IPv6 has no such file.
            ipv6: Files.exists(ipv6) ? try Files.readText(ipv6) : ""
        )
    }

    /// Reads the kernel's tables, of which the first has a line of titles.
    init(ipv4: String, ipv6: String) {
        let routes =
            Self.rows(ipv4).dropFirst().map { (interface: $0.first, flags: $0.dropFirst(3).first) }
            + Self.rows(ipv6).map { (interface: $0.last, flags: $0.dropFirst(8).first) }
        let leading = routes.compactMap { interface, flags -> String? in
            let bits = flags.flatMap { UInt32($0, radix: 16) } ?? 0
            return bits & Self.gatewayFlag == 0 ? nil : interface.map(String.init)
        }
        self.gateways = Set(leading).sorted()
    }

    private static func rows(_ table: String) -> [[Substring]] {
        table.split(separator: "\n").map { $0.split { $0 == " " || $0 == "\t" } }
    }
}
