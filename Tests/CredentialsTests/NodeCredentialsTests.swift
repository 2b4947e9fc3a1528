import Foundation
import Logging
import ServerTesting
import Testing
import SwarmAPI
import SwiftProtobuf
import Trust

@testable import Credentials

@Suite(.timeLimit(.minutes(1))) struct NodeCredentialsTests {
    private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `who follows changes gets what is, and then what becomes`() async throws {
        let authority = try TestAuthority()
        let credentials = try NodeCredentials(authority.material(), log: Self.log)
        var changes = credentials.changes().makeAsyncIterator()
        #expect(await changes.next()?.role == .manager)
        let worker = NodeName(cluster: "c1", role: .worker, node: "n1")
        try credentials.replace(authority.material(worker))
        #expect(await changes.next() == worker)
        #expect(credentials.name == worker)
    }

    @Test func `a certificate that TLS can't use changes nothing`() throws {
        let authority = try TestAuthority()
        let credentials = try NodeCredentials(authority.material(), log: Self.log)
        let before = credentials.material
        var broken = try authority.material(NodeName(cluster: "c1", role: .worker, node: "n1"))
        broken.keyPEM = before.keyPEM
        #expect(throws: CredentialsError.self) { try credentials.replace(broken) }
        #expect(credentials.material.chainPEM == before.chainPEM)
    }

    @Test func `a new root is told to managers, and the issuer stays`() throws {
        let (authority, next) = (try TestAuthority(), try TestAuthority())
        let credentials = try NodeCredentials(authority.material(), log: Self.log)
        let before = credentials.tlsInfo
        #expect(!before.certIssuerPublicKey.isEmpty && !before.certIssuerSubject.isEmpty)
        let both = try RootBundle(pem: authority.root.pem + next.root.pem)
        try credentials.trust(both)
        #expect(credentials.tlsInfo.trustRoot == Data(both.pem.utf8))
        #expect(credentials.tlsInfo.certIssuerPublicKey == before.certIssuerPublicKey)
    }
}
