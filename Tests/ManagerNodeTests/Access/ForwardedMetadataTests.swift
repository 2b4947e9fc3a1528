import GRPCCore
import Testing
import Trust

@testable import ManagerNode

@Suite struct ForwardedMetadataTests {
    private static let worker = NodeName(cluster: "c1", role: .worker, node: "w1")

    @Test func `what a forwarder says of a caller is read back`() {
        for caller in [AccessRules.Caller.stranger, .node(Self.worker), .expired(Self.worker)] {
            let metadata = ForwardedMetadata.outgoing([:], of: caller, remote: "10.0.0.7:4000")
            #expect(ForwardedMetadata.caller(in: metadata) == caller)
            #expect(ForwardedMetadata.host(in: metadata) == "10.0.0.7")
            #expect(ForwardedMetadata.redirects(in: metadata) == ["10.0.0.7:4000"])
        }
    }

    @Test func `the keys are SwarmKit's`() {
        let metadata = ForwardedMetadata.outgoing([:], of: .node(Self.worker), remote: "10.0.0.7:4000")
        #expect(
            metadata == [
                "redirect": "10.0.0.7:4000", "forwarded_cert": "true", "forwarded_cert_cn": "w1",
                "forwarded_cert_org": "c1", "forwarded_cert_ou": "swarm-worker",
                "remote_addr": "10.0.0.7:4000",
            ]
        )
    }

    @Test func `a caller without a certificate has an empty name and no role`() {
        let metadata = ForwardedMetadata.outgoing([:], of: .stranger, remote: "10.0.0.7:4000")
        #expect(Array(metadata[stringValues: "forwarded_cert_cn"]) == [""])
        #expect(Array(metadata[stringValues: "forwarded_cert_org"]) == [""])
        #expect(Array(metadata[stringValues: "forwarded_cert_ou"]).isEmpty)
    }

    @Test func `a call from the own socket is the forwarder's own`() {
        let metadata = ForwardedMetadata.outgoing(["k": "v"], of: nil, remote: nil)
        #expect(metadata == ["k": "v", "redirect": "@"])
        #expect(ForwardedMetadata.caller(in: metadata) == nil)
    }

    @Test func `what is the connection's stays behind, and what the caller invented`() {
        let metadata: Metadata = [
            ":authority": "x", "te": "trailers", "content-type": "application/grpc", "user-agent": "grpc-go",
            "grpc-timeout": "1S", "forwarded_cert": "true", "forwarded_cert_cn": "m1", "redirect": "@",
            "remote_addr": "1.2.3.4:5", "own": "a", "own-bin": .binary([1, 2]),
        ]
        let sent = ForwardedMetadata.outgoing(metadata, of: nil, remote: nil)
        #expect(sent == ["own": "a", "own-bin": .binary([1, 2]), "redirect": "@"])
    }

    @Test(arguments: [
        ["forwarded_cert": "false"], ["forwarded_cert": "true", "forwarded_cert_org": "c1"],
        [:], ["forwarded_cert_cn": "m1", "forwarded_cert_org": "c1", "forwarded_cert_ou": "swarm-manager"],
    ])
    func `who is not named in full is nobody`(pairs: [String: String]) {
        var metadata = Metadata()
        for (key, value) in pairs { metadata.addString(value, forKey: key) }
        let caller = ForwardedMetadata.caller(in: metadata)
        #expect(caller == nil || caller == .stranger)
    }

    @Test func `two roles are none, and two claims are no claim`() {
        var metadata = ForwardedMetadata.outgoing([:], of: .node(Self.worker), remote: "10.0.0.7:4000")
        metadata.addString("swarm-manager", forKey: "forwarded_cert_ou")
        #expect(ForwardedMetadata.caller(in: metadata) == .stranger)
        metadata.addString("true", forKey: "forwarded_cert")
        #expect(ForwardedMetadata.caller(in: metadata) == nil)
    }

    @Test func `addresses are gRPC's without the family`() {
        #expect(ForwardedMetadata.address(of: "ipv4:10.0.0.7:4000") == "10.0.0.7:4000")
        #expect(ForwardedMetadata.address(of: "ipv6:[fd00::7]:4000") == "[fd00::7]:4000")
        #expect(ForwardedMetadata.address(of: "unix:/run/swarmd.sock") == nil)
        let metadata: Metadata = ["remote_addr": "[fd00::7]:4000"]
        #expect(ForwardedMetadata.host(in: metadata) == "fd00::7")
    }
}
