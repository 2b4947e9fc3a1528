import ControlClient
import Foundation
import NetworkLab
import Primitives
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing
import Trust

/// Managers that lock themselves: what a thief of their disks finds, and who starts them again.
@Suite(
    .serialized,
    .enabled(if: NetworkLab.obstacle == nil, "\(NetworkLab.obstacle ?? "")"),
    .timeLimit(.minutes(1))
)
struct AutolockTests {
    private static let payload = "the-payload-of-a-secret-\(UInt64.random(in: 0 ... .max))"

    @Test func `killed managers come back locked, open by their key only, and nothing of theirs is in clear`()
        async throws
    {
        let root = try RootAuthority(at: Timestamp(seconds: Int64(Date.now.timeIntervalSince1970)))
        try await TrustLab.with(managers: 3, workers: 0, initializing: { try Self.supply(root, in: $0) }) {
            trust in
            #expect(try trust.text("swarm-root-ca.crt", of: 0) == root.pem)
            try await Self.createSecret(with: trust)
            var needles = try await Self.needles(of: trust)
            needles.add("the root's key", pem: try root.keyPEM)
            // The same search finds what is in clear.
            for manager in 0..<trust.managers {
                let found = try needles.found(below: trust.directory(manager))
                #expect(found.contains { $0.hasPrefix("key of n\(manager)") }, "\(found)")
                #expect(found.contains { $0.hasPrefix("data key of n\(manager)") }, "\(found)")
                // Without a lock too only the keys that open the rest are.
                #expect(!found.contains { $0.hasPrefix("the ") }, "\(found)")
            }

            let key = try await Self.lock(trust, needles: &needles)
            try Self.expectNothing(of: needles, in: trust)
            for manager in 0..<trust.managers { try await trust.kill(manager) }
            try Self.expectNothing(of: needles, in: trust)
            for manager in 0..<trust.managers { try trust.start(manager) }
            for manager in 0..<trust.managers { try await Self.expectLocked(manager, trust) }
            try await Self.unlock(trust, with: key)
            try await trust.waitForVoters()
            try await trust.wait("all nodes are ready", within: 30) {
                try await trust.readyNodes() == trust.count
            }
            let secrets = try await trust.client(1) {
                try await $0.control.listSecrets(.init(), options: ControlClient.requestOptions).secrets
            }
            #expect(secrets.map(\.spec.annotations.name) == ["s"])
            try Self.expectNothing(of: needles, in: trust)
        }
    }

    /// Writes a root whose key is known here to files; returns how to make a cluster of it.
    private static func supply(_ root: RootAuthority, in folder: URL) throws -> [String] {
        let (certificate, key) = (folder.appending(path: "root.pem"), folder.appending(path: "root.key"))
        try Data(root.pem.utf8).write(to: certificate)
        try Data(root.keyPEM.utf8).write(to: key)
        return ["--ca-cert", certificate.path, "--ca-key", key.path]
    }

    /// Gives all managers their key, at once: none can say that it is back before most are.
    private static func unlock(_ trust: TrustLab, with key: UnlockKey) async throws {
        try await withThrowingTaskGroup(of: Shell.self) { group in
            for manager in 0..<trust.managers {
                group.addTask {
                    try await trust.trySwarmd(["unlock"], on: manager, input: key.text + "\n")
                }
            }
            for try await unlocked in group { #expect(unlocked.status == 0, "\(unlocked.text)") }
        }
    }

    /// Makes a secret that a task on every node uses.
    private static func createSecret(with trust: TrustLab) async throws {
        let options = ControlClient.requestOptions
        let payload = Data(Self.payload.utf8)
        let count = trust.count
        try await trust.client(0) { client in
            let request = SwarmCreateSecretRequest.with {
                $0.spec.annotations.name = "s"
                $0.spec.data = payload
            }
            let secret = try await client.control.createSecret(request, options: options).secret
            let spec = SwarmServiceSpec.with {
                $0.annotations.name = "user"
                $0.replicated.replicas = UInt64(count)
                $0.task.container.image = "host"
                $0.task.container.secrets = [
                    .with {
                        $0.secretID = secret.id
                        $0.secretName = "s"
                        $0.file.name = "s"
                    }
                ]
            }
            _ = try await client.control.createService(.with { $0.spec = spec }, options: options)
        }
        try await trust.wait("the secret is used everywhere", within: 20) {
            try await trust.client(0) { client in
                let tasks = try await client.control.listTasks(.init(), options: options).tasks
                return tasks.count { $0.status.state == .running } == trust.count
            }
        }
    }

    /// What must be in no file of a locked manager.
    private static func needles(of trust: TrustLab) async throws -> Needles {
        var needles = Needles()
        needles.add("the secret", bytes: Self.payload.utf8)
        for role in ["worker", "manager"] {
            let token = try await trust.swarmd(["join-token", "--quiet", role], on: 0)
            let secret = try JoinToken(parsing: token.trimmingCharacters(in: .newlines)).secret
            needles.add("the \(role)s' token", text: secret)
        }
        try Self.addKeys(of: trust, unlockKey: nil, to: &needles)
        return needles
    }

    private static func addKeys(of trust: TrustLab, unlockKey: UnlockKey?, to needles: inout Needles) throws {
        for manager in 0..<trust.managers {
            let text = try trust.text("swarm-node.key", of: manager)
            let file = try KeyFile(parsing: text, unlockKey: unlockKey)
            needles.add("key of n\(manager)", pem: file.key)
            let keys = try #require(file.dataKeys)
            needles.add("data key of n\(manager)", bytes: keys.current)
            if let pending = keys.pending { needles.add("data key of n\(manager)", bytes: pending) }
        }
    }

    /// Turns the lock on; returns its key when all managers have locked all that was in clear.
    private static func lock(_ trust: TrustLab, needles: inout Needles) async throws -> UnlockKey {
        let before = try (0..<trust.managers).map {
            try KeyFile(parsing: trust.text("swarm-node.key", of: $0))
        }
        let printed = try await trust.swarmd(["update", "--autolock"], on: 0)
        let form = "SWMKEY-1-[A-Za-z0-9+/]{43}"
        let place = try #require(printed.range(of: form, options: .regularExpression), "\(printed)")
        let key = try UnlockKey(parsing: String(printed[place]))
        needles.add("the unlock key", bytes: key.bytes)
        try await trust.wait("the managers are locked, with other data keys and TLS keys", within: 30) {
            try (0..<trust.managers).allSatisfy { manager in
                let text = try trust.text("swarm-node.key", of: manager)
                guard text.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n") else { return false }
                let file = try KeyFile(parsing: text, unlockKey: key)
                guard let keys = file.dataKeys, keys.pending == nil, !keys.needsRotation else { return false }
                return keys.current != before[manager].dataKeys?.current && file.key != before[manager].key
            }
        }
        try Self.addKeys(of: trust, unlockKey: key, to: &needles)
        return key
    }

    private static func expectNothing(of needles: Needles, in trust: TrustLab) throws {
        for manager in 0..<trust.managers {
            let found = try needles.found(below: trust.directory(manager))
            #expect(found.isEmpty, "n\(manager): \(found.joined(separator: "\n"))")
        }
    }

    /// A manager that was started says that it is locked, to commands too, and stays so after a wrong key.
    private static func expectLocked(_ manager: Int, _ trust: TrustLab) async throws {
        try await trust.wait("n\(manager) says that it is locked", within: 20) {
            let said = try await trust.trySwarmd(["node", "ls"], on: manager)
            return said.status == 1 && said.err.contains("encrypted") && said.err.contains("swarmd unlock")
        }
        var generator = SystemRandomNumberGenerator()
        let wrong = UnlockKey(using: &generator)
        let refused = try await trust.trySwarmd(["unlock"], on: manager, input: wrong.text + "\n")
        #expect(refused.status == 1)
        #expect(refused.err.contains("not the one"), "\(refused.err)")
        let still = try await trust.trySwarmd(["node", "ls"], on: manager)
        #expect(still.status == 1 && still.err.contains("encrypted"), "\(still.text)")
    }
}
