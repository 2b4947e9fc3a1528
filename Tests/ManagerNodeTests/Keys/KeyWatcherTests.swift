import Credentials
import Foundation
import Replication
import ReplicatedStore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Synchronization
import Testing
import Trust

@testable import ManagerNode

@Suite struct KeyWatcherTests {
    private let one = UnlockKey(bytes: [UInt8](repeating: 0xa1, count: 32))
    private let two = UnlockKey(bytes: [UInt8](repeating: 0xa2, count: 32))

    /// Makes the cluster object, or changes its unlock key.
    private static func set(_ key: UnlockKey?, in store: ReplicatedStore) async throws {
        let entry = key.map { key in
            SwarmEncryptionKey.with {
                $0.subsystem = "swarm-manager"
                $0.key = Data(key.bytes)
            }
        }
        try await store.update { transaction in
            if var cluster = transaction.state.clusters.first {
                cluster.unlockKeys = entry.map { [$0] } ?? []
                try transaction.update(cluster)
            } else {
                try transaction.create(
                    .with {
                        $0.id = "c1"
                        $0.spec.annotations.name = "default"
                        $0.unlockKeys = entry.map { [$0] } ?? []
                    } as SwarmCluster
                )
            }
        }
    }

    @Test func `the key file follows the cluster, and a first lock changes the data key`() async throws {
        let bench = try KeyBench()
        try await bench.run { [one, two] store, proposer in
            let first = try #require(bench.keys.content?.dataKeys)
            try await bench.watching(store, proposer) {
                try await Self.set(nil, in: store)
                try await Self.set(one, in: store)
                try await bench.until { $0.dataKeys?.current != first.current }
                try await bench.until { $0.dataKeys?.pending == nil && $0.dataKeys?.needsRotation == false }
                #expect(bench.keys.isEncrypted)
                try await bench.until { _ in bench.renewals.withLock { $0 } == 1 }
                let version = try #require(await store.committed.state.clusters.first).meta.version.index
                #expect(bench.keys.content?.kekVersion == version)

                let second = try #require(bench.keys.content?.dataKeys)
                try await Self.set(two, in: store)
                try await bench.until { $0.kekVersion > version }
                #expect(bench.keys.content?.dataKeys == second)
                let locked = try KeyBench.open(bench.directory)
                let written = try #require(bench.keys.content).kekVersion
                #expect(locked.standing == .locked(version: written))
                #expect(throws: KeyFileError.wrongKey) { try locked.unlock(with: #require(one)) }
                try locked.unlock(with: #require(two))
                #expect(locked.content == bench.keys.content)

                let before = try #require(bench.keys.content).kekVersion
                try await Self.set(nil, in: store)
                try await bench.until { $0.kekVersion > before }
                #expect(!bench.keys.isEncrypted)
                #expect(bench.keys.content?.dataKeys == second)
                #expect(bench.renewals.withLock { $0 } == 1)
            }
        }
    }

    @Test func `what was written before and after a rotation is there at the next start`() async throws {
        let bench = try KeyBench()
        try await bench.run { [one] store, proposer in
            for number in 0..<30 {
                try await store.update { try $0.create(Self.secret("before\(number)")) }
            }
            let first = try #require(bench.keys.content?.dataKeys)
            try await bench.watching(store, proposer) {
                try await Self.set(one, in: store)
                try await bench.until { $0.dataKeys?.current != first.current }
            }
            try await store.update { try $0.create(Self.secret("after")) }
        }
        try await bench.run { store, _ in
            #expect(await store.committed.state.secrets.count == 31)
        }
    }

    @Test func `nothing secret lies in a locked manager's files`() async throws {
        let bench = try KeyBench()
        let payload = Array("the password of the database".utf8)
        let token = "SWMTKN-1-3pu6hszjas19xyp7ghgosyx9k8atbfcr8p2is99znpy26u2lkl-1awxwuwd3z9j1z3puu7rcgdbx"
        let authority = [UInt8](repeating: 0xc7, count: 64)
        try await bench.run { [one] store, proposer in
            let first = try #require(bench.keys.content)
            // What is looked for is found while the file is not locked.
            #expect(try Self.places(of: Self.tlsKey(first), in: bench) == ["swarm-node.key"])
            #expect(try Self.places(of: #require(first.dataKeys).current, in: bench) == ["swarm-node.key"])
            try await store.update { try $0.create(Self.secret("password", payload)) }
            try await bench.watching(store, proposer) {
                try await Self.set(nil, in: store)
                try await store.update { transaction in
                    guard var cluster = transaction.state.clusters.first else { return }
                    cluster.rootCa.caKey = Data(authority)
                    cluster.rootCa.joinTokens.manager = token
                    try transaction.update(cluster)
                }
                try await Self.set(one, in: store)
                try await bench.until { $0.dataKeys?.current != first.dataKeys?.current }
            }
            let last = try #require(bench.keys.content)
            let unlockKey = try #require(one)
            var secrets = [
                payload, authority, Array(token.utf8), unlockKey.bytes, Array(unlockKey.text.utf8),
            ]
            secrets += try [Self.tlsKey(first), Self.tlsKey(last)]
            secrets += [first.dataKeys?.current, last.dataKeys?.current].compactMap(\.self)
            for secret in secrets { #expect(try Self.places(of: secret, in: bench) == []) }
            let names = try bench.files().map { $0.name }
            #expect(names.contains { $0.hasSuffix(".log") } && names.contains { $0.hasSuffix(".snap") })
        }
    }

    /// The files in which `secret` lies, in clear or as base 64, with the ends of lines or without.
    private static func places(of secret: [UInt8], in bench: KeyBench) throws -> [String] {
        // In base 64 it may begin at any of three places of a group of four characters.
        let texts =
            [Data(secret)]
            + (0..<3).map {
                Data(Data(secret.dropFirst($0)).base64EncodedString().utf8.dropLast(4))
            }
        return try bench.files().filter { _, bytes in
            let joined = Data(bytes.filter { $0 != 0x0a })
            return texts.contains { bytes.range(of: $0) != nil || joined.range(of: $0) != nil }
        }.map { $0.name }
    }

    /// The secret number of the file's TLS key, which is of P-256.
    private static func tlsKey(_ file: KeyFile) throws -> [UInt8] {
        let body = file.key.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
        return Array(try #require(Data(base64Encoded: body))[36..<68])
    }

    private static func secret(_ name: String, _ data: [UInt8] = [1]) -> SwarmSecret {
        .with {
            $0.id = name
            $0.spec.annotations.name = name
            $0.spec.data = Data(data)
        }
    }
}
