import FoundationEssentials
import LinuxSystem
package import Logging
package import Primitives
package import SwarmAPI
package import SwarmRPC
import SwiftProtobuf
import Synchronization
package import Trust

/// Keeps a node's certificate fresh and its trust root true, without touching a connection (SwarmKit
/// `ca/renewer.go`).
package final class CertificateKeeper: Sendable {
    /// Words of the cluster that may wait; each says everything, so the newest is enough.
    private static let words = 64

    private enum Input: Sendable {
        case word(RenewalPlan.Word)
        case demand
    }

    private let credentials: NodeCredentials
    private let save: @Sendable (NodeCredentials.Material) async throws -> Void
    private let managers: @Sendable (NodeName.Role?) -> [ServerAddress]
    private let refused: @Sendable (String) -> Void
    private let enrollment: Enrollment
    private let clock: any WallClock
    private let log: Logger
    private let inputs = Inbox<Input>(limit: CertificateKeeper.words)
    private let lastWord = Mutex<RenewalPlan.Word?>(nil)

    /// Keeps `credentials`; `save` puts what is new on the disk before it is used, `managers` are whom to ask by
    /// the role that the node is to have, as far as it was told, and `refused` hears when the cluster does not know the node any more.
    package init(
        _ credentials: NodeCredentials,
        managers: @escaping @Sendable (_ wanted: NodeName.Role?) -> [ServerAddress],
        save: @escaping @Sendable (NodeCredentials.Material) async throws -> Void,
        refused: @escaping @Sendable (String) -> Void,
        clock: any WallClock = SystemClock(),
        log: Logger
    ) {
        self.credentials = credentials
        self.managers = managers
        self.save = save
        self.refused = refused
        self.enrollment = Enrollment(log: log, clock: clock)
        self.clock = clock
        self.log = log
    }

    /// Takes in what a session says of this node and of the root that nodes trust.
    package func hear(node: SwarmNode?, root: [UInt8]) async {
        await self.trust(root)
        guard let node else { return }
        let word = RenewalPlan.Word(
            role: node.role == .manager ? .manager : .worker,
            wanted: node.spec.desiredRole == .manager ? .manager : .worker,
            mustRotate: node.certificate.status.state == .rotate
        )
        let isNew = self.lastWord.withLock { last in
            defer { last = word }
            return last != word
        }
        if isNew { self.inputs.put(.word(word)) }
    }

    /// Asks for a new certificate now.
    package func demand() { self.inputs.put(.demand) }

    /// Works until it is cancelled.
    package func run() async throws {
        var dice = SystemRandomNumberGenerator()
        var material = self.credentials.material
        var plan = RenewalPlan(role: material.name.role, validity: material.validity, using: &dice)
        while !Task.isCancelled {
            let now = self.clock.now
            let due = plan.next(at: now)
            if due > now {
                guard let inputs = await self.wait(until: due) else { return }
                for input in inputs { self.take(input, into: &plan) }
                continue
            }
            do {
                let wanted = self.lastWord.withLock { $0?.wanted }
                let enrolled = try await self.enrollment.renew(self.credentials, at: self.managers(wanted))
                material = enrolled.material
                // The trust root may have changed while the request was on its way.
                material.root = self.credentials.material.root
                try await self.save(material)
                try self.credentials.replace(material)
                plan.renewed(
                    role: material.name.role,
                    validity: material.validity,
                    at: self.clock.now,
                    using: &dice
                )
            } catch {
                try Task.checkCancellation()
                if case EnrollmentError.unknownNode(_, let reason) = error { self.refused(reason) }
                plan.failed(at: self.clock.now, using: &dice)
                self.tell(error, &plan)
            }
        }
    }

    private func take(_ input: Input, into plan: inout RenewalPlan) {
        switch input {
        case .word(let word): plan.heard(word, at: self.clock.now)
        case .demand: plan.demand()
        }
    }

    /// What came until `due`; nil when there will be nothing more.
    private func wait(until due: Timestamp) async -> [Input]? {
        // The wall clock may be set while we wait: it is looked at now and then.
        await self.inputs.take(until: min(due, self.clock.now + .seconds(60)), clock: self.clock)
    }

    /// Trusts the root that the cluster names; managers are believed, since their own chain was verified.
    private func trust(_ pem: [UInt8]) async {
        let present = self.credentials.material
        guard !pem.isEmpty, pem != Array(present.root.pem.utf8) else { return }
        do {
            let root = try RootBundle(pem: String(decoding: pem, as: UTF8.self))
            var material = present
            material.root = root
            try await self.save(material)
            try self.credentials.trust(root)
            self.log.notice("this node trusts a new root certificate")
        } catch {
            self.log.error("the cluster's root certificate can't be used", metadata: ["error": "\(error)"])
        }
    }

    private func tell(_ error: any Error, _ plan: inout RenewalPlan) {
        guard let left = plan.warning(at: self.clock.now) else {
            return self.log.notice(
                "no new certificate yet; trying on",
                metadata: ["error": "\(ConnectionFault.text(error))"]
            )
        }
        let days = left.components.seconds / 86_400
        self.log.warning(
            left > .zero
                ? "this node's certificate ends in \(days) days and can't be renewed"
                : "this node's certificate has ended and can't be renewed",
            metadata: ["error": "\(ConnectionFault.text(error))"]
        )
    }
}

extension NodeCredentials.Material {
    /// When the certificate is valid.
    var validity: Range<Timestamp> { self.notBefore..<max(self.notBefore, self.notAfter) }
}
