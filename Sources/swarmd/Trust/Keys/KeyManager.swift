import FoundationEssentials
package import Primitives
package import StoreCore
import SwarmAPI
import SwiftProtobuf

/// Gives the cluster the keys that its networks begin with, and changes them in time (SwarmKit `manager/keymanager`).
///
/// Each of the two users has three keys: nodes decrypt with all of them and encrypt with the middle one, so that none
/// ever meets a key that it does not know. A clock that only counts orders them. `dice` is what keys are made of: the
/// system's generator, but in tests.
package struct KeyManager<Dice: RandomNumberGenerator & Sendable>: Reconciler {
    /// How long a set of keys is used.
    package static var rotation: Duration { .seconds(43_200) }
    /// Keys that each user has.
    package static var ringSize: Int { 3 }
    private static var keySize: Int { 16 }
    private static var users: [String] { [ClusterKeys.gossip, ClusterKeys.ipsec] }

    private var dice: Dice
    /// When the oldest keys go.
    private var next: Timestamp?

    /// Makes keys of what `dice` give.
    package init(dice: Dice) { self.dice = dice }

    package var deadline: Timestamp? { self.next }

    package mutating func start(on state: StoreState, now: Timestamp) { self.next = now + Self.rotation }

    package mutating func observe(_ commit: Commit, now: Timestamp) {}

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        var edits: [StoreEdit] = []
        let isDue = self.next.map { $0 <= now } ?? false
        if isDue { self.next = now + Self.rotation }
        for var cluster in state.clusters.all where isDue || !Self.isComplete(cluster) {
            self.renew(&cluster)
            edits.append(.update(cluster.value))
        }
        return edits
    }

    private static func isComplete(_ cluster: SwarmCluster) -> Bool {
        Self.users.allSatisfy { user in
            cluster.networkBootstrapKeys.count { $0.subsystem == user } >= Self.ringSize
        }
    }

    /// Fills the rings; from a full one the oldest key goes and a new one comes.
    private mutating func renew(_ cluster: inout SwarmCluster) {
        var clock = cluster.encryptionKeyLamportClock
        if cluster.networkBootstrapKeys.isEmpty {
            clock = UInt64(UInt16.random(in: 0 ... .max, using: &self.dice))
        }
        var keys = cluster.networkBootstrapKeys.filter { !Self.users.contains($0.subsystem) }
        for user in Self.users {
            var ring = cluster.networkBootstrapKeys.filter { $0.subsystem == user }
                .sorted { $0.lamportTime < $1.lamportTime }
            repeat {
                clock += 1
                ring.append(self.key(of: user, at: clock))
            } while ring.count < Self.ringSize
            keys += ring.suffix(Self.ringSize)
        }
        cluster.networkBootstrapKeys = keys
        cluster.encryptionKeyLamportClock = clock
    }

    private mutating func key(of user: String, at clock: UInt64) -> SwarmEncryptionKey {
        .with {
            $0.subsystem = user
            $0.algorithm = .aes128Gcm
            $0.key = Data(self.dice.bytes(Self.keySize))
            $0.lamportTime = clock
        }
    }
}
