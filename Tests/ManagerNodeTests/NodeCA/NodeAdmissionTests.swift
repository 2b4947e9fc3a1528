import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

struct NodeAdmissionTests {
    private let cluster = SwarmCluster.with {
        $0.rootCa.joinTokens.worker = "SWMTKN-1-worker"
        $0.rootCa.joinTokens.manager = "SWMTKN-1-manager"
    }

    @Test(arguments: [
        ("SWMTKN-1-worker", NodeAdmission.Token.worker), ("SWMTKN-1-manager", .manager), ("", .wrong),
        ("SWMTKN-1-worke", .wrong), ("SWMTKN-1-workerSWMTKN-1-worker", .wrong),
    ])
    func `a token is the worker's, the manager's or wrong`(token: String, expected: NodeAdmission.Token) {
        #expect(NodeAdmission.judge(token, by: self.cluster) == expected)
    }

    @Test func `without tokens in the cluster any will do`() {
        #expect(NodeAdmission.judge("whatever", by: SwarmCluster()) == .worker)
        #expect(NodeAdmission.judge("", by: nil) == .worker)
    }

    @Test func `an empty token of the cluster matches nothing`() {
        #expect(!NodeAdmission.isSame("", ""))
    }

    @Test func `the rate is a bucket that fills again`() {
        var rate = RateLimit(perSecond: 10, capacity: 2)
        let start = Timestamp(seconds: 1)
        let tenth = start + .milliseconds(100)
        let later = start + .seconds(100)
        let moments = [start, start, start, tenth, tenth, later, later, later]
        let admitted = moments.map { rate.admit(now: $0) }
        #expect(admitted == [true, true, false, true, false, true, true, false])
    }
}
