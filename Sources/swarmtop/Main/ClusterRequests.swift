import ConsoleCore
import ControlClient
import FoundationEssentials
import SwarmAPI
import SwiftProtobuf

/// The operator's changes of the cluster object.
enum ClusterRequests {
    /// How unlock keys begin, as operators keep them (SwarmKit `manager/encryption`, `HumanReadableKey`).
    private static let unlockKeyPrefix = "SWMKEY-1-"

    /// Makes `change` of the cluster that the operator saw, so that nobody else's change is overwritten.
    static func change(
        _ client: ControlClient,
        _ seen: SeenObject,
        _ change: ClusterChange
    ) async throws -> RequestOutcome {
        var cluster = try await Self.cluster(client, seen.id)
        guard cluster.meta.version.index == seen.version else { return Self.conflict(cluster) }
        var rotation = SwarmKeyRotation()
        switch change {
        case .rotateRoot: cluster.spec.caConfig.forceRotate += 1
        case .rotateWorkerToken: rotation.workerJoinToken = true
        case .rotateManagerToken: rotation.managerJoinToken = true
        case .rotateUnlockKey: rotation.managerUnlockKey = true
        case .autolock(let isOn): cluster.spec.encryptionConfig.autoLockManagers = isOn
        }
        do {
            let changed = try await client.update(cluster, rotating: rotation)
            return change == .rotateRoot ? .done : try await Self.keys(client, of: changed)
        } catch let error as ControlError where error.kind == .outOfSequence {
            return Self.conflict(try await Self.cluster(client, seen.id))
        }
    }

    /// The secrets of `cluster`.
    static func keys(_ client: ControlClient, of cluster: SwarmCluster) async throws -> RequestOutcome {
        let isLocked = cluster.spec.encryptionConfig.autoLockManagers
        let unlock = isLocked ? try await client.unlockKey() : []
        let tokens = cluster.rootCa.joinTokens
        return .keys(
            ClusterKeys(
                workerToken: tokens.worker,
                managerToken: tokens.manager,
                unlockKey: unlock.isEmpty ? "" : Self.text(ofUnlockKey: unlock)
            ),
            version: cluster.meta.version.index
        )
    }

    /// The cluster that the operator saw; a daemon may have been given another one meanwhile.
    static func cluster(_ client: ControlClient, _ id: String) async throws -> SwarmCluster {
        let cluster = try await client.cluster()
        guard cluster.id == id else { throw ControlError(.notFound, "the cluster is another one now") }
        return cluster
    }

    /// The key as operators keep it: base 64 without padding.
    private static func text(ofUnlockKey key: [UInt8]) -> String {
        Self.unlockKeyPrefix + Data(key).base64EncodedString().prefix { $0 != "=" }
    }

    private static func conflict(_ cluster: SwarmCluster) -> RequestOutcome {
        .conflict(version: cluster.meta.version.index, now: .object)
    }
}
