import GRPCCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct PortConflictTests {
    private static func service(
        _ id: String,
        _ port: UInt32,
        _ mode: SwarmPortConfig.PublishMode,
        _ transport: SwarmPortConfig.ProtocolEnum = .tcp
    ) -> SwarmService {
        .with {
            $0.id = id
            $0.spec.annotations.name = "name-" + id
            $0.spec.endpoint.ports = [
                .with {
                    $0.publishedPort = port
                    $0.publishMode = mode
                    $0.protocol = transport
                }
            ]
        }
    }

    @Test(arguments: [
        (SwarmPortConfig.PublishMode.ingress, SwarmPortConfig.PublishMode.ingress, "an ingress port"),
        (.ingress, .host, "a host-published port"), (.host, .ingress, "an ingress port"),
    ])
    func `a port that is taken is refused`(
        _ wanted: SwarmPortConfig.PublishMode,
        _ taken: SwarmPortConfig.PublishMode,
        _ text: String
    ) async {
        let error = await rpcError {
            try PortConflict.check(
                Self.service("new", 80, wanted).spec,
                of: "new",
                among: [Self.service("old", 80, taken)]
            )
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == "port '80' is already in use by service 'name-old' (old) as \(text)")
    }

    @Test func `a port is free for another protocol, on other hosts, and for its own service`() throws {
        let spec = Self.service("new", 80, .ingress).spec
        try PortConflict.check(spec, of: "new", among: [Self.service("old", 80, .ingress, .udp)])
        try PortConflict.check(spec, of: "old", among: [Self.service("old", 80, .ingress)])
        let onHost = Self.service("new", 80, .host).spec
        try PortConflict.check(onHost, of: "new", among: [Self.service("old", 80, .host)])
        let dynamic = Self.service("new", 0, .ingress).spec
        try PortConflict.check(dynamic, of: "new", among: [Self.service("old", 0, .ingress)])
    }

    @Test func `a port that the allocator gave out is taken too`() async {
        var old = Self.service("old", 0, .ingress)
        old.endpoint.ports = [.with { $0.publishedPort = 30_000 }]
        let error = await rpcError { [old] in
            try PortConflict.check(Self.service("new", 30_000, .ingress).spec, of: "new", among: [old])
        }
        #expect(error?.code == .invalidArgument)
    }
}
