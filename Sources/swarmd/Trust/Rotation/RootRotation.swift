import FoundationEssentials
package import Primitives
package import StoreCore
import SwarmAPI
import SwiftProtobuf

/// Moves the nodes from one root to another, and ends the rotation when all have come.
///
/// While the cluster object has a rotation, nodes that do not report a certificate of the new root are told to
/// renew, some at a time; when all report one, the new root takes the old one's place and the join tokens, which
/// speak of the root, are made anew. A node that is down keeps the rotation from its end; one that was removed, or
/// never got a certificate, does not. Everything is in the store: the next leader goes on where this one stopped.
/// SwarmKit `ca/reconciler.go`; there a batch goes every 3 s, here also as soon as the one before has come.
package struct RootRotation: Reconciler {
    /// How many nodes are told at once.
    package static let batch = 30
    /// How long a batch that does not come holds up the next, and after how long a node is told again.
    package static let patience = Duration.seconds(3)

    /// A rotation that is under way.
    fileprivate struct Progress: Sendable {
        let target: Data
        let issuer: CertificateIssuer
        /// The nodes that do not report the new issuer yet.
        var behind: Set<String>
        /// When each of them was told last.
        var told: [String: Timestamp] = [:]
        /// When those stop counting that wait for their first certificate; nil unless there are such.
        var givenUp: Timestamp?
    }

    private var progress: Progress?
    /// The cluster's version that `progress` is of.
    private var version: UInt64?

    package init() {}

    package mutating func start(on state: StoreState, now: Timestamp) {
        self.progress = nil
        self.version = nil
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) {
        guard var progress = self.progress else { return }
        self.progress = nil
        defer { self.progress = progress }
        for change in commit.changes {
            guard case .node(let node) = change.value else { continue }
            if case .remove = change {
                progress.forget(node.id)
            } else {
                progress.look(at: node, instead: change.old, now: now)
            }
        }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        guard let cluster = state.clusters.all.first else { return [] }
        self.follow(cluster, on: state)
        guard var progress = self.progress else { return [] }
        if progress.isOver(on: state, at: now) { return [.update(.cluster(Self.finished(cluster)))] }
        self.progress = nil
        defer { self.progress = progress }
        return progress.tell(on: state, now: now).map { .update(.node($0)) }
    }

    package var deadline: Timestamp? {
        let told = self.progress?.told.values.min().map { $0 + Self.patience }
        return [told, self.progress?.givenUp].compactMap { $0 }.min()
    }

    /// Begins, restarts or drops the rotation as the cluster object says.
    private mutating func follow(_ cluster: SwarmCluster, on state: StoreState) {
        guard self.version != cluster.meta.version.index else { return }
        self.version = cluster.meta.version.index
        guard cluster.rootCa.hasRootRotation else {
            self.progress = nil
            return
        }
        let target = cluster.rootCa.rootRotation.caCert
        guard self.progress?.target != target else { return }
        self.progress = Self.issuer(target).map { issuer in
            let behind = state.nodes.all.filter { !issuer.signed($0) }.map(\.id)
            return Progress(target: target, issuer: issuer, behind: Set(behind))
        }
    }

    /// Whether the rotation to the root of `issuer` waits for the node.
    static func waits(for node: SwarmNode, _ issuer: CertificateIssuer, at now: Timestamp) -> Bool {
        guard !issuer.signed(node), !UnfinishedJoin.isGivenUp(node, at: now) else { return false }
        // What it was given tells as much as its own word, which it has not had the time to give.
        return !UnfinishedJoin.isUnseen(node) || !issuer.made(node.certificate.certificate)
    }

    /// Who signs under the root; nil for a text that is none, which the Control API does not let in.
    static func issuer(_ root: Data) -> CertificateIssuer? {
        do throws(AuthorityError) {
            return try CertificateIssuer(CertificateBundle.readOne(root, named: "root certificate"))
        } catch { return nil }
    }

    /// The cluster whose new root is the root.
    static func finished(_ cluster: SwarmCluster) -> SwarmCluster {
        var cluster = cluster
        let rotation = cluster.rootCa.rootRotation
        let forced = cluster.rootCa.lastForcedRotation
        cluster.rootCa = ClusterRoot.record(
            certificate: rotation.caCert,
            key: rotation.caKey,
            requiresFIPS: cluster.fips
        )
        cluster.rootCa.lastForcedRotation = forced
        return cluster
    }
}

extension RootRotation.Progress {
    fileprivate mutating func forget(_ node: String) {
        self.behind.remove(node)
        self.told[node] = nil
    }

    /// Whether no node is waited for any more.
    fileprivate mutating func isOver(on state: StoreState, at now: Timestamp) -> Bool {
        self.givenUp = nil
        let waiting = self.behind.compactMap { state.nodes[$0] }
            .filter { RootRotation.waits(for: $0, self.issuer, at: now) }
        guard waiting.allSatisfy(UnfinishedJoin.isOne) else { return false }
        self.givenUp = waiting.map { UnfinishedJoin.end(of: UnfinishedJoin.patience, $0) }.max()
        return waiting.isEmpty
    }

    /// Notes what the node reports; one that has just been given its certificate has time to report it.
    fileprivate mutating func look(at node: SwarmNode, instead old: StoreValue?, now: Timestamp) {
        if self.issuer.signed(node) { return self.forget(node.id) }
        self.behind.insert(node.id)
        guard case .node(let old)? = old, node.certificate.status.state == .issued,
            old.certificate.status.state != .issued
        else { return }
        self.told[node.id] = now
    }

    /// The nodes that are told now to renew: none as long as one that was told may still come, and those first that
    /// can hear it.
    fileprivate mutating func tell(on state: StoreState, now: Timestamp) -> [SwarmNode] {
        let waiting = self.told.filter { now < $0.value + RootRotation.patience }
        self.told = waiting
        guard !waiting.contains(where: { state.nodes[$0.key]?.isReady == true }) else { return [] }
        let idle = self.behind.sorted().compactMap { state.nodes[$0] }
            .filter { waiting[$0.id] == nil && !Self.isAtIt($0) && !UnfinishedJoin.isOne($0) }
            .filter { RootRotation.waits(for: $0, self.issuer, at: now) }
        let (ready, silent) = (idle.filter(\.isReady), idle.filter { !$0.isReady })
        let batch = (ready + silent).prefix(RootRotation.batch)
        for node in batch { self.told[node.id] = now }
        return batch.map { node in
            var node = node
            node.certificate.status = .with { $0.state = .rotate }
            return node
        }
    }

    /// Whether the node has been told, or has asked for its certificate already.
    private static func isAtIt(_ node: SwarmNode) -> Bool {
        switch node.certificate.status.state {
        case .renew, .pending, .rotate: true
        case .unknown, .issued, .failed, .UNRECOGNIZED: false
        }
    }
}

extension SwarmNode {
    fileprivate var isReady: Bool { self.status.state == .ready }
}
