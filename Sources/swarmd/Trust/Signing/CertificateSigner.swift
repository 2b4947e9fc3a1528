package import Primitives
package import StoreCore
import FoundationEssentials
package import SwarmAPI

/// Signs nodes' certificates with the cluster's own key.
///
/// Where servers of others have the key it plans nothing: the leader asks them beside it, with the same queue.
/// SwarmKit `ca/server.go`, `signNodeCert`.
package struct CertificateSigner: Reconciler {
    private var queue = SigningQueue()
    private var authority = CurrentAuthority()

    package init() {}

    package mutating func start(on state: StoreState, now: Timestamp) {
        self.queue.start(on: state, now: now)
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) { self.queue.observe(commit, now: now) }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        let cluster = state.clusters.all.first ?? SwarmCluster()
        switch self.authority.update(cluster) {
        case .local(let root, let intermediates):
            let signing = NodeSigning(of: cluster, at: now)
            return self.queue.take(on: state, now: now).map { node in
                .update(.node(signing.answer(node, by: root, intermediates: intermediates)))
            }
        case .external: return []
        case .none:
            for node in self.queue.take(on: state, now: now) { self.queue.postpone(node.id, now: now) }
            return []
        }
    }

    /// Nothing is due as long as others sign: a change of the cluster object wakes it.
    package var deadline: Timestamp? {
        if case .external = self.authority.value { return nil }
        return self.queue.deadline
    }
}

/// The cluster's authority, read from its texts only when the cluster object was changed.
package struct CurrentAuthority: Sendable {
    package private(set) var value = SigningAuthority.none
    private var version: UInt64?

    package init() {}

    /// The authority of `cluster`; a cluster whose texts cannot be read has none.
    package mutating func update(_ cluster: SwarmCluster) -> SigningAuthority {
        guard self.version != cluster.meta.version.index else { return self.value }
        self.version = cluster.meta.version.index
        do { self.value = try SigningAuthority(of: cluster) } catch { self.value = .none }
        return self.value
    }
}
