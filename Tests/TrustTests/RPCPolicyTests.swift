import Testing
import Trust

@Suite struct RPCPolicyTests {
    @Test func `every procedure of SwarmKit's has a policy`() {
        #expect(RPCPolicy.all.count == 65)
        let counts = RPCPolicy.all.reduce(into: [RPCPolicy.Callers: Int]()) { counts, name in
            RPCPolicy.of(name.service, name.method).map { counts[$0.callers, default: 0] += 1 }
        }
        #expect(counts == [.anyone: 3, .nodes: 10, .managers: 52])
    }

    @Test(arguments: [
        ("CA", "GetRootCACertificate"), ("NodeCA", "IssueNodeCertificate"),
        ("NodeCA", "NodeCertificateStatus"),
    ])
    func `a stranger may only ask for a root and a certificate`(service: String, method: String) {
        #expect(RPCPolicy.of(service, method)?.callers == .anyone)
    }

    @Test func `what only concerns the group is not served to operators`() {
        let remote = RPCPolicy.all.filter { RPCPolicy.of($0.service, $0.method)?.isLocal == false }
        #expect(Set(remote.map(\.service)) == ["Raft", "RaftMembership"])
        #expect(remote.count == 5)
    }

    @Test func `what a manager answers for itself is passed on nowhere`() {
        for (service, method) in [("Watch", "Watch"), ("Health", "Check"), ("Raft", "ProcessRaftMessage")] {
            #expect(RPCPolicy.of(service, method)?.forwarded == [])
        }
        #expect(RPCPolicy.of("Control", "CreateService")?.forwarded == [.local])
        #expect(RPCPolicy.of("Dispatcher", "Session")?.forwarded == [.remote, .local])
        #expect(RPCPolicy.of("RaftMembership", "Join")?.forwarded == [.remote])
    }

    @Test func `what SwarmKit does not have has no policy`() {
        #expect(RPCPolicy.of("Control", "Format") == nil)
        #expect(RPCPolicy.of("Kontrol", "GetNode") == nil)
        #expect(RPCPolicy.of("", "") == nil)
    }
}
