import Foundation
import GRPCCore
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import ManagerNode

struct NodeCAServiceTests {
    @Test func `a node that joins gets an object, an identifier and its certificate's state`() async throws {
        try await LoopbackManager.run { manager in
            let authority = SwarmNodeCA.Client(wrapping: manager.client)
            let issued = try await authority.issueNodeCertificate(.with { $0.availability = .drain })
            #expect(issued.nodeMembership == .accepted)
            let node = try #require(await manager.store.committed.state.nodes[issued.nodeID])
            #expect(node.role == .worker && node.spec.desiredRole == .worker)
            #expect(node.spec.membership == .accepted && node.spec.availability == .drain)
            let status = try await authority.nodeCertificateStatus(.with { $0.nodeID = issued.nodeID })
            #expect(status.status.state == .issued)
            #expect(status.certificate.cn == issued.nodeID)
        }
    }

    @Test func `a node that is known keeps its identifier`() async throws {
        try await LoopbackManager.run { manager in
            let authority = SwarmNodeCA.Client(wrapping: manager.client)
            let again = try await authority.issueNodeCertificate(
                .init(),
                metadata: LoopbackManager.metadata("n1")
            )
            #expect(again.nodeID == "n1")
            #expect(await manager.store.committed.state.nodes.count == 2)
            let error = await #expect(throws: RPCError.self) {
                try await authority.issueNodeCertificate(
                    .init(),
                    metadata: LoopbackManager.metadata("nobody")
                )
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test func `the status waits until the certificate is issued`() async throws {
        try await LoopbackManager.run { manager in
            try await manager.add(
                SwarmNode.with {
                    $0.id = "n3"
                    $0.certificate.status.state = .pending
                }
            )
            async let answer = SwarmNodeCA.Client(wrapping: manager.client)
                .nodeCertificateStatus(.with { $0.nodeID = "n3" })
            try await manager.store.update { transaction in
                guard var node = transaction.state.nodes["n3"] else { return }
                node.certificate.status.state = .issued
                try transaction.update(node)
            }
            #expect(try await answer.status.state == .issued)
        }
    }

    @Test func `a wrong token and an oversized request are refused`() async throws {
        try await LoopbackManager.run { manager in
            try await manager.store.update { transaction in
                guard var cluster = transaction.state.clusters["cluster"] else { return }
                cluster.rootCa.joinTokens.worker = "right"
                try transaction.update(cluster)
            }
            let authority = SwarmNodeCA.Client(wrapping: manager.client)
            let wrong = await #expect(throws: RPCError.self) {
                try await authority.issueNodeCertificate(.with { $0.token = "wrong" })
            }
            #expect(wrong?.message == "A valid join token is necessary to join this cluster")
            let large = await #expect(throws: RPCError.self) {
                try await authority.issueNodeCertificate(
                    .with { $0.csr = Data(count: NodeAdmission.csrBytes + 1) }
                )
            }
            #expect(large?.code == .invalidArgument && large?.message.hasPrefix("csr:") == true)
            #expect(await manager.store.committed.state.nodes.count == 2)
        }
    }
}
