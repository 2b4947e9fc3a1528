import GRPCCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing

@testable import WorkerNode

/// Somebody who is no node yet.
private let stranger = UncertifiedNode()

@Suite struct EnrollmentTests {
    @Test func `a machine gets its node id`() async throws {
        let manager = FakeManager()
        let enrolled = try await manager.serve { address in
            try await Enrollment(security: stranger, log: quiet).enroll(
                at: address,
                token: "SWMTKN-1-x",
                availability: .drain
            )
        }
        #expect(enrolled.nodeID == "node7")
        #expect(manager.read { $0.enrollments.map(\.token) } == ["SWMTKN-1-x"])
        #expect(manager.read { $0.enrollments.map(\.availability) } == [.drain])
    }

    @Test func `a manager that isn't there yet is asked again`() async throws {
        let manager = FakeManager()
        let port = try await manager.serve { try ServerAddress($0).port }
        let (asked, id) = (Mailbox(false), Mailbox(""))
        let clock = WorkerClock(now: WorkerClock.system.now) {
            asked.change { $0 = true }
            try await Task.sleep(for: $0 / 10)
        }
        try await with {
            let answer = try await Enrollment(security: stranger, log: quiet, clock: clock).enroll(
                at: "127.0.0.1:\(port)",
                token: "",
                availability: .active
            )
            id.change { $0 = answer.nodeID }
        } _: {
            try await eventually("first failure") { asked.access { $0 } }
            try await manager.serve(port: port) { _ in
                try await eventually("enrolled") { id.access { $0 } == "node7" }
            }
        }
    }

    @Test func `an address where nobody listens is named`() async throws {
        let port = try await FakeManager().serve { try ServerAddress($0).port }
        let error = await #expect(throws: EnrollmentError.self) {
            try await Enrollment(security: stranger, log: quiet, clock: HurriedClock(factor: 50).clock)
                .enroll(
                    at: "127.0.0.1:\(port)",
                    token: "",
                    availability: .active,
                    deadline: .milliseconds(300)
                )
        }
        #expect(error?.description.hasPrefix("the manager at 127.0.0.1:\(port) can't be reached: ") == true)
    }

    @Test func `a manager that names the leader is left for it`() async throws {
        let (follower, leader) = (FakeManager(), FakeManager())
        try await leader.serve { leaderAddress in
            follower.change {
                $0.enrollmentFailure = RPCError(
                    code: .failedPrecondition,
                    message: "not the leader",
                    metadata: [LeaderHint.key: "\(leaderAddress)"]
                )
            }
            let enrolled = try await follower.serve { address in
                try await Enrollment(security: stranger, log: quiet).enroll(
                    at: address,
                    token: "t",
                    availability: .active
                )
            }
            #expect(try enrolled.manager == ServerAddress(leaderAddress))
        }
        #expect(follower.read { $0.enrollments.count } == 1)
        #expect(leader.read { $0.enrollments.map(\.token) } == ["t"])
    }

    @Test func `two managers that name each other end the enrollment`() async throws {
        let (first, second) = (FakeManager(), FakeManager())
        try await first.serve { firstAddress in
            try await second.serve { secondAddress in
                for (manager, other) in [(first, secondAddress), (second, firstAddress)] {
                    manager.change {
                        $0.enrollmentFailure = RPCError(
                            code: .failedPrecondition,
                            message: "not the leader",
                            metadata: [LeaderHint.key: "\(other)"]
                        )
                    }
                }
                await #expect(throws: EnrollmentError.self) {
                    try await Enrollment(security: stranger, log: quiet).enroll(
                        at: firstAddress,
                        token: "t",
                        availability: .active
                    )
                }
            }
        }
        #expect(first.read { $0.enrollments.count } + second.read { $0.enrollments.count } == 4)
    }

    @Test func `a refusal ends the enrollment at once`() async throws {
        let manager = FakeManager()
        manager.change {
            $0.enrollmentFailure = RPCError(
                code: .invalidArgument,
                message: "A valid join token is necessary"
            )
        }
        let error = await #expect(throws: EnrollmentError.self) {
            try await manager.serve { address in
                try await Enrollment(security: stranger, log: quiet).enroll(
                    at: address,
                    token: "bad",
                    availability: .active
                )
            }
        }
        #expect(error?.description.hasSuffix("refused this node: A valid join token is necessary") == true)
        #expect(manager.read { $0.enrollments.count } == 1)
    }

    @Test func `a certificate that fails is a refusal`() async throws {
        let manager = FakeManager()
        manager.change { $0.issuance = .failed }
        let error = await #expect(throws: EnrollmentError.self) {
            try await manager.serve { address in
                try await Enrollment(security: stranger, log: quiet).enroll(
                    at: address,
                    token: "",
                    availability: .active
                )
            }
        }
        #expect(error?.description.hasSuffix("refused this node: not wanted") == true)
    }

    @Test func `a node that is never accepted is given up`() async throws {
        let manager = FakeManager()
        manager.change { $0.issuance = .pending }
        let error = await #expect(throws: EnrollmentError.self) {
            try await manager.serve { address in
                try await Enrollment(security: stranger, log: quiet, clock: HurriedClock(factor: 100).clock)
                    .enroll(
                        at: address,
                        token: "",
                        availability: .active,
                        deadline: .milliseconds(200)
                    )
            }
        }
        #expect(error?.description.hasSuffix("did not accept this node in time") == true)
    }
}
