import FoundationEssentials
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing
import Trust

@Suite struct KeyManagerTests {
    private typealias Core = KeyManager<SeededGenerator>

    private let now = Timestamp(seconds: 1_000_000)

    private func core(_ seed: UInt64 = 1) -> Core { Core(dice: SeededGenerator(seed: seed)) }

    private func state(_ cluster: SwarmCluster?) throws -> StoreState {
        var transaction = Transaction(on: StoreState(), version: 1, now: self.now)
        if let cluster { try transaction.create(cluster) }
        return transaction.state
    }

    private func cluster(_ keys: [SwarmEncryptionKey] = [], clock: UInt64 = 0) -> SwarmCluster {
        .with {
            $0.id = "c1"
            $0.spec.annotations.name = "default"
            $0.networkBootstrapKeys = keys
            $0.encryptionKeyLamportClock = clock
        }
    }

    /// The cluster as the core's one edit leaves it; nil if it wants none.
    private func planned(
        _ core: inout Core,
        on cluster: SwarmCluster?,
        at now: Timestamp
    ) throws -> SwarmCluster? {
        var generator = SeededGenerator(seed: 9)
        let edits = core.plan(on: try self.state(cluster), now: now, using: &generator)
        #expect(edits.count <= 1)
        guard case .update(.cluster(let cluster))? = edits.first else { return nil }
        return cluster
    }

    @Test func `a new cluster gets three keys for each user`() throws {
        var core = self.core()
        core.start(on: try self.state(nil), now: self.now)
        #expect(try self.planned(&core, on: nil, at: self.now) == nil)
        let cluster = try #require(try self.planned(&core, on: self.cluster(), at: self.now))
        let keys = cluster.networkBootstrapKeys
        #expect(
            keys.map(\.subsystem)
                == Array(repeating: "networking:gossip", count: 3)
                + Array(repeating: "networking:ipsec", count: 3)
        )
        #expect(keys.allSatisfy { $0.key.count == 16 && $0.algorithm == .aes128Gcm })
        #expect(Set(keys.map(\.key)).count == 6)
        let first = try #require(keys.first?.lamportTime)
        #expect(1...65_536 ~= first)
        #expect(keys.map(\.lamportTime) == (0..<6).map { first + $0 })
        #expect(cluster.encryptionKeyLamportClock == first + 5)
        #expect(try self.planned(&core, on: cluster, at: self.now) == nil)
    }

    @Test func `after twelve hours the oldest key of each user goes`() throws {
        var core = self.core()
        core.start(on: try self.state(nil), now: self.now)
        let before = try #require(try self.planned(&core, on: self.cluster(), at: self.now))
        let due = self.now + .seconds(12 * 3_600)
        #expect(core.deadline == due)
        #expect(try self.planned(&core, on: before, at: due + .seconds(-1)) == nil)
        let after = try #require(try self.planned(&core, on: before, at: due))
        let (old, new) = (before.networkBootstrapKeys, after.networkBootstrapKeys)
        #expect(Array(new[0..<2]) == Array(old[1..<3]))
        #expect(Array(new[3..<5]) == Array(old[4..<6]))
        #expect(new.count == 6)
        #expect(new[2].lamportTime == before.encryptionKeyLamportClock + 1)
        #expect(new[5].lamportTime == before.encryptionKeyLamportClock + 2)
        #expect(after.encryptionKeyLamportClock == new[5].lamportTime)
        #expect(core.deadline == due + .seconds(12 * 3_600))
        #expect(try self.planned(&core, on: after, at: due) == nil)
    }

    @Test func `a new leader goes on with the keys that there are`() throws {
        var first = self.core()
        first.start(on: try self.state(nil), now: self.now)
        let cluster = try #require(try self.planned(&first, on: self.cluster(), at: self.now))
        var second = self.core(2)
        second.start(on: try self.state(cluster), now: self.now)
        #expect(try self.planned(&second, on: cluster, at: self.now) == nil)
    }

    @Test func `a ring that lacks keys is filled, and others' keys stay`() throws {
        let other = SwarmEncryptionKey.with {
            $0.subsystem = "another"
            $0.key = Data([1])
        }
        let gossip = SwarmEncryptionKey.with {
            $0.subsystem = "networking:gossip"
            $0.key = Data(repeating: 3, count: 16)
            $0.lamportTime = 40
        }
        var core = self.core()
        core.start(on: try self.state(nil), now: self.now)
        let before = self.cluster([gossip, other], clock: 41)
        let after = try #require(try self.planned(&core, on: before, at: self.now))
        #expect(after.networkBootstrapKeys.count == 7)
        #expect(after.networkBootstrapKeys.contains(other))
        #expect(after.networkBootstrapKeys.contains(gossip))
        #expect(after.encryptionKeyLamportClock == 46)
    }
}
