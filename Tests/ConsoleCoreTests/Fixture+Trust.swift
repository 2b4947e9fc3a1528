import Primitives
import SwarmAPI
import SwiftProtobuf

@testable import ConsoleCore

/// The certificates of the fixture's cluster.
extension Fixture {
    static let root = "4kzu0lxn8p2m7q1c9e5t3r6y0w8b2v4d1s7f9g3h5j6k8l0z2x"
    static let newRoot = "1b77e0a2c4d6f8h9j1k3m5n7p9q0r2s4t6u8v1w3x5y7z9a0b2"

    static func certificate(
        _ name: String,
        days: Int64,
        state: SwarmIssuanceStatus.State = .issued,
        issuer: String = Fixture.root,
        isCurrent: Bool = true,
        error: String = ""
    ) -> SwarmdCertificateSummary {
        .with {
            $0.nodeID = "node-\(name)"
            $0.notBefore = (Self.now + .seconds((days - 90) * 86_400)).protobuf
            $0.notAfter = (Self.now + .seconds(days * 86_400 + 3600)).protobuf
            $0.status.state = state
            $0.status.err = error
            $0.issuerDigest = issuer
            $0.isCurrent = isCurrent
        }
    }

    static let trust = SwarmdTrustStatus.with {
        $0.rootDigest = Self.root
        $0.rootNotAfter = (Self.now + .seconds(7298 * 86_400)).protobuf
        $0.autolock = true
        $0.certificates = [
            Self.certificate("mgr-1", days: 61), Self.certificate("mgr-2", days: 88),
            Self.certificate("mgr-3", days: 61), Self.certificate("w01", days: 75, state: .renew),
            Self.certificate("w02", days: 25),
            Self.certificate("w03", days: 6, state: .failed, error: "the external CA answers with 503"),
        ]
        $0.refusals = [
            .with {
                $0.reason = "wrong role"
                $0.count = 3
            },
            .with {
                $0.reason = "handshake"
                $0.count = 12
            },
        ]
    }

    /// In the middle of a change of the root.
    static let rotating = SwarmdTrustStatus.with {
        $0 = Self.trust
        $0.rotation.targetDigest = Self.newRoot
        $0.rotation.nodes = 7
        $0.rotation.done = 4
        $0.rotation.blockers = [
            ("mgr-3", "asked to renew"), ("w03", "waits for its batch"), ("w07", "down for 26m"),
        ]
        .map { name, reason in
            .with {
                $0.nodeID = "node-\(name)"
                $0.reason = reason
            }
        }
        $0.certificates =
            ["mgr-1", "mgr-2", "w01", "w02"].map {
                Self.certificate($0, days: 90, issuer: Self.newRoot)
            }
            + [
                Self.certificate("mgr-3", days: 61, state: .rotate, isCurrent: false),
                Self.certificate("w03", days: 6, isCurrent: false),
                Self.certificate("w07", days: 61, state: .rotate, isCurrent: false),
            ]
    }

    static let keys = ClusterKeys(
        workerToken: "SWMTKN-1-\(Self.root)-8vxv8rssmk743ojnwacrr2e7c",
        managerToken: "SWMTKN-1-\(Self.root)-managersmanagersmanagers1",
        unlockKey: "SWMKEY-1-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8"
    )
}

extension Model {
    /// The manager tells of certificates.
    mutating func take(trust: SwarmdTrustStatus) {
        var status = Fixture.status
        status.trust = trust
        _ = update(&self, .status(status), now: Fixture.now)
    }

    /// A member of the group can no longer be reached.
    mutating func lose(_ name: String) {
        var status = Fixture.status
        for index in status.raft.members.indices where status.raft.members[index].nodeID == "node-\(name)" {
            status.raft.members[index].reachable = false
        }
        _ = update(&self, .status(status), now: Fixture.now)
    }

    /// The last request ends.
    mutating func answer(_ outcome: RequestOutcome) {
        _ = update(&self, .finished(request: self.lastRequest, outcome), now: Fixture.now)
        _ = update(&self, .painted, now: Fixture.now)
    }
}
