import Credentials
import GRPCCore
import ManagerNode
import Primitives
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Testing
import Trust

@Suite struct EnrollmentTests {
    /// A clock whose days are short, so that back-offs and deadlines pass in no time.
    final class HurriedClock: WallClock {
        private let present = Mutex(AuthorityStage.now)

        var now: Timestamp { self.present.withLock { $0 } }

        func sleep(until moment: Timestamp) async throws {
            try Task.checkCancellation()
            self.present.withLock { $0 = max($0, moment) }
            await Task.yield()
        }
    }

    private static var enrollment: Enrollment { Enrollment(log: AuthorityStage.log, clock: HurriedClock()) }

    @Test func `a token makes a machine a node of its role`() async throws {
        let stage = try AuthorityStage()
        stage.state.withLock { $0.role = .manager }
        let token = try stage.token
        let enrolled = try await stage.serve { address in
            try await Self.enrollment.enroll(at: [address], token: token, availability: .drain)
        }
        #expect(enrolled.material.name == NodeName(cluster: "c1", role: .manager, node: "node1"))
        #expect(try enrolled.material.root.pem == stage.authority.root.pem)
        let requests = stage.state.withLock { $0.requests }
        #expect(requests.map(\.token) == [token.text])
        #expect(requests.map(\.availability) == [.drain])
        #expect(stage.state.withLock { $0.callers } == [.stranger])
    }

    @Test func `the request has a key and nothing else`() async throws {
        let request = try CertificateRequest(pem: try SigningRequest().pem)
        #expect(request.key != (try CertificateRequest(pem: try SigningRequest().pem)).key)
    }

    @Test func `a root that is not the token's is not believed`() async throws {
        let stage = try AuthorityStage()
        let token = try stage.token
        stage.state.withLock { $0.shownRoot = (try? stage.authority.root.pem).map { $0 + "\n" } }
        let error = await #expect(throws: EnrollmentError.self) {
            try await stage.serve {
                try await Self.enrollment.enroll(at: [$0], token: token, availability: .active)
            }
        }
        guard case .foreignRoot = error else { throw try #require(error) }
        #expect(stage.state.withLock { $0.requests.isEmpty })
    }

    @Test func `a wrong token is refused at once, and where to get the right one is said`() async throws {
        let stage = try AuthorityStage()
        var dice = SystemRandomNumberGenerator()
        let wrong = JoinToken(rootCA: Array(try stage.authority.root.pem.utf8), using: &dice)
        let error = await #expect(throws: EnrollmentError.self) {
            try await stage.serve {
                try await Self.enrollment.enroll(at: [$0], token: wrong, availability: .active)
            }
        }
        guard case .wrongToken = error else { throw try #require(error) }
        #expect(
            error?.description.hasSuffix("`swarmd join-token` on a manager prints the present one") == true
        )
        #expect(stage.state.withLock { $0.requests.count } == 1)
    }

    @Test func `a certificate for another request is not taken`() async throws {
        let stage = try AuthorityStage()
        let token = try stage.token
        stage.state.withLock { $0.confusesRequests = true }
        let error = await #expect(throws: EnrollmentError.self) {
            try await stage.serve {
                try await Self.enrollment.enroll(at: [$0], token: token, availability: .active)
            }
        }
        guard case .foreignRequest = error else { throw try #require(error) }
    }

    @Test func `a request that the authority turns down is told with its reason`() async throws {
        let stage = try AuthorityStage()
        let token = try stage.token
        stage.state.withLock { $0.state = .failed }
        let error = await #expect(throws: EnrollmentError.self) {
            try await stage.serve {
                try await Self.enrollment.enroll(at: [$0], token: token, availability: .active)
            }
        }
        #expect(error?.description.hasSuffix("refused this node: not wanted") == true)
    }

    @Test func `a node that nobody accepts gives up in time`() async throws {
        let stage = try AuthorityStage()
        let token = try stage.token
        stage.state.withLock { $0.state = .pending }
        let error = await #expect(throws: EnrollmentError.self) {
            try await stage.serve {
                try await Self.enrollment.enroll(at: [$0], token: token, availability: .active)
            }
        }
        #expect(error?.description.contains("has not issued this node's certificate yet; ") == true)
    }

    @Test func `what a node waited for in vain is told`() async throws {
        let stage = try AuthorityStage()
        stage.state.withLock { $0.pending = IssuancePending.error("no external CA can be reached: x") }
        let token = try stage.token
        let told = Mutex<[String]>([])
        let enrollment = Enrollment(log: AuthorityStage.log, clock: HurriedClock()) { line in
            told.withLock { $0.append(line) }
        }
        let error = await #expect(throws: EnrollmentError.self) {
            try await stage.serve {
                try await enrollment.enroll(at: [$0], token: token, availability: .active)
            }
        }
        // Once it answered, nothing says any more that it doesn't.
        let lines = told.withLock { $0 }.drop { !$0.contains("no external CA") }
        #expect(lines.count > 1 && !lines.contains { $0.contains("no answer yet") })
        #expect(error?.description.contains("`swarmd update --no-external-ca` on a manager") == true)
        guard case .pending(_, "no external CA can be reached: x") = error else { throw try #require(error) }
        #expect(error?.description.contains("not issued this node's certificate yet: no external CA") == true)
    }

    @Test func `what is waited for is told, and the error names the address and what to check`() async throws
    {
        let stage = try AuthorityStage()
        let token = try stage.token
        let gone = try await stage.serve { $0 }
        let told = Mutex<[String]>([])
        let enrollment = Enrollment(log: AuthorityStage.log, clock: HurriedClock()) { line in
            told.withLock { $0.append(line) }
        }
        let error = await #expect(throws: EnrollmentError.self) {
            try await enrollment.enroll(at: [gone], token: token, availability: .active)
        }
        let lines = told.withLock { $0 }
        #expect(lines.first == "waiting for \(gone): no answer yet; giving up in 30 s")
        #expect(lines.dropFirst().first == "waiting for \(gone): connection refused; giving up in 30 s")
        #expect(
            error?.description
                == "the manager at \(gone) can't be reached: connection refused: check the address, that a manager "
                + "runs there, and that no firewall is between"
        )
    }

    /// How a manager refuses that does not lead and knows who does.
    private static func notLeading(_ leader: ServerAddress) -> RPCError {
        RPCError(
            code: .failedPrecondition,
            message: "this manager does not lead",
            metadata: [LeaderHint.key: "\(leader)"]
        )
    }

    @Test func `a manager that names the leader is left for it`() async throws {
        let leader = try AuthorityStage()
        let follower = AuthorityStage(beside: leader)
        let token = try leader.token
        let enrolled = try await leader.serve { there in
            try await follower.serve { here in
                follower.state.withLock { $0.failure = Self.notLeading(there) }
                let enrolled = try await Self.enrollment.enroll(
                    at: [here],
                    token: token,
                    availability: .active
                )
                return (enrolled.manager == there, enrolled.material.name.node)
            }
        }
        #expect(enrolled == (true, "node1"))
        #expect(follower.state.withLock { $0.requests.count } == 1)
        #expect(leader.state.withLock { $0.requests.count } == 1)
    }

    @Test func `managers that name each other are asked three times more and no longer`() async throws {
        let one = try AuthorityStage()
        let other = AuthorityStage(beside: one)
        let token = try one.token
        let error = try await one.serve { first in
            try await other.serve { second in
                one.state.withLock { $0.failure = Self.notLeading(second) }
                other.state.withLock { $0.failure = Self.notLeading(first) }
                return await #expect(throws: EnrollmentError.self) {
                    try await Self.enrollment.enroll(at: [first], token: token, availability: .active)
                }
            }
        }
        guard case .refused(_, "this manager does not lead") = error else { throw try #require(error) }
        #expect(one.state.withLock { $0.requests.count } == 2)
        #expect(other.state.withLock { $0.requests.count } == 2)
    }

    @Test func `a name that does not resolve fails at once, and leaves its turn to others`() async throws {
        let stage = try AuthorityStage()
        let token = try stage.token
        let nowhere = ServerAddress(host: "no-such-host.invalid", port: 4242)
        let clock = HurriedClock()
        let start = clock.now
        let enrollment = Enrollment(log: AuthorityStage.log, clock: clock)
        let error = await #expect(throws: EnrollmentError.self) {
            try await enrollment.enroll(at: [nowhere], token: token, availability: .active)
        }
        #expect(error?.description.contains("\(nowhere) can't be reached: its name does not resolve") == true)
        #expect(clock.now == start, "it was not asked again")
        let node = try await stage.serve { address in
            try await Self.enrollment.enroll(at: [nowhere, address], token: token, availability: .active)
                .material.name.node
        }
        #expect(node == "node1")
    }

    @Test func `a manager that is away leaves its turn to the next`() async throws {
        let stage = try AuthorityStage()
        let token = try stage.token
        let gone = try await stage.serve { $0 }
        let enrolled = try await stage.serve { address in
            let enrolled = try await Self.enrollment.enroll(
                at: [gone, address],
                token: token,
                availability: .active
            )
            return (enrolled.manager == address, enrolled.material.name.node)
        }
        #expect(enrolled == (true, "node1"))
    }

    @Test func `where nobody answers the manager is named`() async throws {
        let stage = try AuthorityStage()
        let token = try stage.token
        let gone = try await stage.serve { $0 }
        let error = await #expect(throws: EnrollmentError.self) {
            try await Self.enrollment.enroll(at: [gone], token: token, availability: .active)
        }
        #expect(error?.description.hasPrefix("the manager at \(gone) can't be reached: ") == true)
    }

    @Test func `a renewal shows the old certificate and no token`() async throws {
        let stage = try AuthorityStage()
        let name = NodeName(cluster: "c1", role: .worker, node: "n5")
        let credentials = try NodeCredentials(
            stage.authority.material(name, at: AuthorityStage.now),
            log: AuthorityStage.log
        ) { AuthorityStage.now }
        stage.state.withLock { $0.role = .manager }
        let renewed = try await stage.serve { try await Self.enrollment.renew(credentials, at: [$0]) }
        #expect(renewed.material.name == NodeName(cluster: "c1", role: .manager, node: "n5"))
        #expect(renewed.material.keyPEM != credentials.material.keyPEM)
        #expect(stage.state.withLock { $0.callers } == [.node(name)])
        #expect(stage.state.withLock { $0.requests.map(\.token) } == [""])
    }

    @Test func `a new manager learns the key that managers lock with`() async throws {
        let stage = try AuthorityStage()
        var dice = SystemRandomNumberGenerator()
        let key = UnlockKey(using: &dice)
        stage.state.withLock { $0.unlockKey = key.bytes }
        let credentials = try NodeCredentials(
            stage.authority.material(at: AuthorityStage.now),
            log: AuthorityStage.log
        ) { AuthorityStage.now }
        let answer = try await stage.serve { try await Self.enrollment.unlockKey(credentials, at: [$0]) }
        #expect(answer.key == key)
        #expect(answer.version == 7)
    }
}
