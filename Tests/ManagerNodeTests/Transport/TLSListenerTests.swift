import Credentials
import GRPCCore
import Primitives
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing
import Trust

@testable import ManagerNode

@Suite(.timeLimit(.minutes(2))) struct TLSListenerTests {
    private static let worker = NodeName(cluster: "c1", role: .worker, node: "w1")

    /// What made a call fail.
    private func failure(_ body: () async throws -> PeerIdentity?) async -> RPCError? {
        do {
            _ = try await body()
            Issue.record("the call was answered")
            return nil
        } catch { return error as? RPCError }
    }

    @Test func `one port serves strangers, workers and managers, and tells them apart`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            #expect(try await lab.call(port, lab.anonymous)?.caller == .stranger)
            let worker = try lab.node { try $0.material(Self.worker) }
            let seen = try await lab.call(port, worker)
            #expect(seen?.caller == .node(Self.worker))
            #expect(seen?.host == "127.0.0.1")
            #expect(seen?.fingerprint?.count == 64)
            let name = NodeName(cluster: "c1", role: .manager, node: "m2")
            let manager = try lab.node { try $0.material(name) }
            #expect(try await lab.call(port, manager, name: .authority)?.caller == .node(name))
            #expect(lab.refusals.counts.isEmpty)
        }
    }

    @Test func `names of other clusters are passed on for others to judge`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            let name = NodeName(cluster: "c2", role: .manager, node: "m1")
            let node = try lab.node { try $0.material(name) }
            #expect(try await lab.call(port, node)?.caller == .node(name))
        }
    }

    @Test func `a certificate of another root is refused, and counted`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            let other = try TestAuthority()
            let node = try lab.node { try other.material(Self.worker, trusted: $0.bundle) }
            #expect(await self.failure { try await lab.call(port, node) }?.code == .unavailable)
            try await lab.refusals.wait(for: .certificate)
            #expect(lab.callers.last == nil)
        }
    }

    @Test func `a server of another root is not called`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            let other = try TestAuthority()
            let node = try lab.node { _ in try other.material(Self.worker) }
            let error = await self.failure { try await lab.call(port, node) }
            #expect(error?.cause as? PeerFault == .untrusted)
            #expect(lab.callers.last == nil)
        }
    }

    @Test func `a worker does not pass for a manager`() async throws {
        let lab = try TLSLab()
        try lab.credentials.replace(lab.authority.material(Self.worker))
        try await lab.serve { port in
            for name in ServerName.allCases {
                let error = await self.failure { try await lab.call(port, lab.anonymous, name: name) }
                #expect(error?.cause as? PeerFault == .otherServer(expected: name.rawValue))
            }
        }
    }

    @Test func `who asks for the root believes anyone`() async throws {
        let lab = try TLSLab()
        try lab.credentials.replace(lab.authority.material(Self.worker))
        try await lab.serve { port in
            let seen = try await lab.call(port, AnonymousSecurity(root: nil))
            #expect(seen?.caller == .stranger)
        }
    }

    @Test func `a certificate ends, and is good for its renewal for a month`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            let worker = try lab.node { try $0.material(Self.worker, expiry: .seconds(7_200)) }
            lab.clock.advance(by: .seconds(7_300))
            #expect(try await lab.call(port, worker)?.caller == .expired(Self.worker))
            lab.clock.advance(by: .seconds(29 * 86_400))
            #expect(try await lab.call(port, worker)?.caller == .expired(Self.worker))
            lab.clock.advance(by: .seconds(86_400))
            #expect(await self.failure { try await lab.call(port, worker) }?.code == .unavailable)
            try await lab.refusals.wait(for: .certificate)
        }
    }

    @Test func `a certificate also ends for a connection that was made before`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            let worker = try lab.node { try $0.material(Self.worker, expiry: .seconds(7_200)) }
            try await lab.withHealth(port, worker) { health in
                _ = try await health.check(.init())
                #expect(lab.callers.last?.caller == .node(Self.worker))
                lab.clock.advance(by: .seconds(7_300))
                _ = try await health.check(.init())
                #expect(lab.callers.last?.caller == .expired(Self.worker))
                lab.clock.advance(by: .seconds(31 * 86_400))
                _ = try await health.check(.init())
                #expect(lab.callers.last?.caller == .stranger)
            }
        }
    }

    @Test func `a server's certificate that ended is not believed`() async throws {
        let lab = try TLSLab()
        try lab.credentials.replace(lab.authority.material(expiry: .seconds(7_200)))
        try await lab.serve { port in
            lab.clock.advance(by: .seconds(7_300))
            let error = await self.failure { try await lab.call(port, lab.anonymous) }
            guard case .expired = error?.cause as? PeerFault else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func `open connections outlive a new certificate and a new root`() async throws {
        let lab = try TLSLab()
        let next = try TestAuthority()
        let both = try RootBundle(pem: lab.authority.root.pem + next.root.pem)
        try await lab.serve { port in
            let old = try lab.node { try $0.material(Self.worker) }
            try await lab.withHealth(port, old) { health in
                _ = try await health.check(.init())
                try lab.credentials.replace(next.material(trusted: both))
                _ = try await health.check(.init())
                // Who trusts the old root alone finds a stranger here.
                let error = await self.failure { try await lab.call(port, old) }
                #expect(error?.cause as? PeerFault == .untrusted)
                // Its own certificate is good as long as the old root is.
                try old.trust(both)
                #expect(try await lab.call(port, old)?.caller == .node(Self.worker))
                try lab.credentials.trust(next.bundle)
                #expect(await self.failure { try await lab.call(port, old) } != nil)
                try old.replace(next.material(Self.worker))
                #expect(try await lab.call(port, old)?.caller == .node(Self.worker))
                _ = try await health.check(.init())
            }
        }
    }

    @Test func `who trusts the old root is led to the new one by the cross-signed certificate`() async throws
    {
        let lab = try TLSLab()
        let next = try TestAuthority()
        let link = try lab.authority.root.crossSign(next.root.certificate)
        try lab.credentials.replace(next.material(links: [link], trusted: lab.authority.bundle))
        try await lab.serve { port in
            let old = try lab.node { try $0.material(Self.worker) }
            #expect(try await lab.call(port, old)?.caller == .node(Self.worker))
            let new = try lab.node {
                try next.material(Self.worker, links: [link], trusted: $0.bundle)
            }
            #expect(try await lab.call(port, new)?.caller == .node(Self.worker))
            #expect(new.tlsInfo.certIssuerPublicKey != old.tlsInfo.certIssuerPublicKey)
            #expect(new.tlsInfo.certIssuerSubject == old.tlsInfo.certIssuerSubject)
            #expect(new.tlsInfo.trustRoot == old.tlsInfo.trustRoot)
        }
    }

    @Test func `two thousand calls on one connection meet no farewell`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            let worker = try lab.node { try $0.material(Self.worker) }
            try await lab.withHealth(port, worker) { health in
                for _ in 0..<2_000 { _ = try await health.check(.init()) }
            }
        }
    }

    @Test func `two thousand PINGs on one encrypted connection are answered`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            let worker = try lab.node { try $0.material(Self.worker) }
            #expect(try await PingFlood(count: 2_000).answers(port: port, worker) == 2_000)
        }
    }
}
