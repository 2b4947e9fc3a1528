import SwarmAPI

/// Names one object of the cluster.
package struct ObjectKey: Sendable, Hashable {
    /// What there is to look at.
    package enum Kind: String, Sendable {
        case node, service, task, network, secret, config
    }

    package var kind: Kind
    package var id: String

    package init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }
}

extension SwarmObject {
    /// Which object it is, and at which version; nil for what the console does not show.
    var identity: (key: ObjectKey, version: UInt64)? {
        switch self.object {
        case .node(let node): (ObjectKey(.node, node.id), node.meta.version.index)
        case .service(let service): (ObjectKey(.service, service.id), service.meta.version.index)
        case .task(let task): (ObjectKey(.task, task.id), task.meta.version.index)
        case .network(let network): (ObjectKey(.network, network.id), network.meta.version.index)
        case .secret(let secret): (ObjectKey(.secret, secret.id), secret.meta.version.index)
        case .config(let config): (ObjectKey(.config, config.id), config.meta.version.index)
        default: nil
        }
    }
}
