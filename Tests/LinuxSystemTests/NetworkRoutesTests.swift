import Testing

@testable import LinuxSystem

struct NetworkRoutesTests {
    private static let titles = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n"

    @Test func `a route through another machine is a way out`() {
        let table =
            Self.titles + """
                eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000
                eth1\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF
                """
        #expect(NetworkRoutes(ipv4: table, ipv6: "").gateways == ["eth0"])
    }

    @Test func `the sixth version of the protocol counts too`() {
        let zero = String(repeating: "0", count: 32)
        let route =
            "\(zero) 00 \(zero) 00 fd\(zero.dropFirst(2)) 00000400 00000002 00000000 00000003     eth2"
        let refused = "\(zero) 00 \(zero) 00 \(zero) ffffffff 00000001 00000000 00200200       lo"
        #expect(NetworkRoutes(ipv4: Self.titles, ipv6: "\(route)\n\(refused)\n").gateways == ["eth2"])
    }

    @Test func `links alone lead nowhere`() {
        let table = Self.titles + "eth0\t0000630A\t00000000\t0001\t0\t0\t0\t00FFFFFF\n"
        #expect(NetworkRoutes(ipv4: table, ipv6: "").gateways.isEmpty)
    }

    @Test func `the kernel's own tables can be read`() throws {
        _ = try NetworkRoutes.current()
    }
}
