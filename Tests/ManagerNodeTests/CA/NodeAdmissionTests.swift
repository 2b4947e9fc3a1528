import FoundationEssentials
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

/// Rows CE2-04 and CE2-06 of the parity list.
@Suite struct NodeAdmissionTests {
    private static let cluster = SwarmCluster.with {
        $0.rootCa.joinTokens.worker = "SWMTKN-1-worker"
        $0.rootCa.joinTokens.manager = "SWMTKN-1-manager"
    }

    @Test(arguments: [
        ("SWMTKN-1-worker", SwarmNodeRole?.some(.worker)), ("SWMTKN-1-manager", .manager), ("", nil),
        ("SWMTKN-1-worke", nil), ("SWMTKN-1-workerSWMTKN-1-worker", nil), ("SWMTKN-1-Worker", nil),
    ])
    func `the token decides the role, and no other text lets in`(token: String, expected: SwarmNodeRole?) {
        #expect(NodeAdmission.role(token, in: Self.cluster) == expected)
    }

    @Test func `without tokens in the cluster nobody gets in`() {
        #expect(NodeAdmission.role("whatever", in: SwarmCluster()) == nil)
        #expect(NodeAdmission.role("", in: SwarmCluster()) == nil)
        #expect(NodeAdmission.role("", in: nil) == nil)
    }

    @Test func `a node keeps its last certificate until it has the next`() {
        let node = SwarmNode.with {
            $0.id = "n1"
            $0.role = .manager
            $0.certificate.certificate = Data("last".utf8)
            $0.certificate.status = .with {
                $0.state = .failed
                $0.err = "why"
            }
        }
        let renewing = NodeAdmission.renewing(node, Data("csr".utf8))
        #expect(renewing.certificate.certificate == Data("last".utf8))
        #expect(renewing.certificate.csr == Data("csr".utf8))
        #expect(renewing.certificate.status == .with { $0.state = .renew })
        #expect(renewing.certificate.role == .manager && renewing.certificate.cn == "n1")
        #expect(NodeAdmission.isAsking(renewing, for: Data("csr".utf8)))
        #expect(!NodeAdmission.isAsking(renewing, for: Data("other".utf8)))
    }
}
