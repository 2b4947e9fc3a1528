import Foundation
import SwarmAPI
import SwiftProtobuf
import Testing

/// Real messages of Docker Engine 20.10, decoded and encoded again.
@Suite(.enabled(if: WireTables.present, "the captures are not beside this checkout"))
struct CaptureTests {
    private static let types: [(prefix: String, type: any Message.Type)] = [
        ("Assignments", SwarmAssignmentsMessage.self),
        ("Cluster", SwarmCluster.self),
        ("GetRootCACertificateResponse", SwarmGetRootCACertificateResponse.self),
        ("IssueNodeCertificateRequest", SwarmIssueNodeCertificateRequest.self),
        ("real_IssueNodeCertificateRequest", SwarmIssueNodeCertificateRequest.self),
        ("IssueNodeCertificateResponse", SwarmIssueNodeCertificateResponse.self),
        ("JoinResponse", SwarmJoinResponse.self),
        ("NodeCertificateStatusResponse", SwarmNodeCertificateStatusResponse.self),
        ("SessionMessage", SwarmSessionMessage.self),
        ("SubscriptionMessage", SwarmSubscriptionMessage.self),
        ("raft_", SwarmStreamRaftMessageRequest.self),
        ("real_SessionRequest", SwarmSessionRequest.self),
        ("real_UpdateTaskStatusRequest", SwarmUpdateTaskStatusRequest.self),
    ]

    private static func captures() throws -> [URL] {
        guard let folder = WireTables.folder?.appending(path: "captures") else { return [] }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "bin" }.sorted { $0.path < $1.path }
    }

    @Test func `every capture survives decoding and encoding`() throws {
        let captures = try Self.captures()
        #expect(captures.count >= 20)
        for capture in captures {
            let name = capture.lastPathComponent
            let type = try #require(
                Self.types.first { name.hasPrefix($0.prefix) }?.type,
                "\(name): which message?"
            )
            try Self.check([UInt8](Data(contentsOf: capture)), as: type, name: name)
        }
    }

    /// Map entries may come back in another order, so bytes are compared as a multiset.
    private static func check<M: Message>(_ original: [UInt8], as type: M.Type, name: String) throws {
        let message = try M(serializedBytes: original)
        let again: [UInt8] = try message.serializedBytes()
        #expect(again.sorted() == original.sorted(), "\(name): a field was lost or changed")
        #expect(try message.isEqualTo(message: M(serializedBytes: again)), "\(name)")
        // JSON carries known fields only: what comes back whole was understood whole.
        let understood = try M(jsonUTF8Data: message.jsonUTF8Data())
        let known: [UInt8] = try understood.serializedBytes()
        #expect(known.sorted() == original.sorted(), "\(name): a field is not in the schema")
    }
}
