/// The digest of a store that is followed part by part.
///
/// Pure. Each object that was touched is hashed as it was and as it is, however often it changed in between.
package struct DigestFold: Sendable {
    private var digest = StateDigest()
    /// Where the last part was; nil before the first one.
    private var index: UInt64?

    /// Begins without a state.
    package init() {}

    /// Goes on to the state of `part`; returns its digest.
    ///
    /// It looks at everything when the part does not follow the last one: some may have been left out.
    package mutating func fold(_ part: DigestPart) -> StateDigest {
        if let since = part.since, since == self.index {
            for (key, old) in part.touched.old {
                old.map { self.digest.remove($0.object) }
                part.state.object(key).map { self.digest.add($0) }
            }
        } else {
            self.digest = StateDigest(of: part.state)
        }
        self.index = part.index
        return self.digest
    }
}

extension StoreState {
    fileprivate func object(_ key: ObjectKey) -> (any StoreObject)? {
        switch key.kind {
        case .node: self.nodes[key.id]
        case .service: self.services[key.id]
        case .network: self.networks[key.id]
        case .task: self.tasks[key.id]
        case .cluster: self.clusters[key.id]
        case .secret: self.secrets[key.id]
        case .resource: self.resources[key.id]
        case .extension: self.extensions[key.id]
        case .config: self.configs[key.id]
        case .volume: self.volumes[key.id]
        }
    }
}
