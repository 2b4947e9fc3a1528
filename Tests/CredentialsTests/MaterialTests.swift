import Primitives
import ServerTesting
import Testing
import Trust

@testable import Credentials

@Suite struct MaterialTests {
    private static let later = TestAuthority.start + .seconds(60)

    @Test func `a certificate says who the node is and for how long`() throws {
        let name = NodeName(cluster: "c1", role: .worker, node: "w1")
        let material = try TestAuthority().material(name)
        #expect(material.name == name)
        #expect(material.notBefore < TestAuthority.start)
        #expect(material.notAfter > TestAuthority.start + .seconds(89 * 86_400))
    }

    @Test func `a key of another certificate is refused`() throws {
        let authority = try TestAuthority()
        let (one, other) = (try authority.material(), try authority.material())
        #expect(throws: CredentialsError.foreignKey) {
            try NodeCredentials.Material(root: one.root, chainPEM: one.chainPEM, keyPEM: other.keyPEM)
        }
    }

    @Test func `what is no certificate is refused, and the text is named`() throws {
        let one = try TestAuthority().material()
        #expect(throws: CredentialsError.unreadable("root certificate")) { try RootBundle(pem: "") }
        #expect(throws: CredentialsError.unreadable("root certificate")) { try RootBundle(pem: one.keyPEM) }
        #expect(throws: CredentialsError.unreadable("node certificate")) {
            try NodeCredentials.Material(root: one.root, chainPEM: "x", keyPEM: one.keyPEM)
        }
        #expect(throws: CredentialsError.unreadable("node key")) {
            try NodeCredentials.Material(root: one.root, chainPEM: one.chainPEM, keyPEM: "x")
        }
    }

    @Test func `a certificate is verified before it is used`() async throws {
        let (authority, other) = (try TestAuthority(), try TestAuthority())
        try await authority.material().verify(at: Self.later)
        let foreign = try authority.material(trusted: try other.bundle)
        await #expect(throws: PeerFault.untrusted) { try await foreign.verify(at: Self.later) }
    }
}
