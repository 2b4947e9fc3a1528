import FoundationEssentials
import StoreCore
import SwarmAPI

/// What a watch looks at in an object of any kind.
extension StoreValue {
    var annotations: SwarmAnnotations {
        switch self {
        case .node(let object): object.spec.annotations
        case .service(let object): object.spec.annotations
        case .network(let object): object.spec.annotations
        case .task(let object): object.annotations
        case .cluster(let object): object.spec.annotations
        case .secret(let object): object.spec.annotations
        case .resource(let object): object.annotations
        case .extension(let object): object.annotations
        case .config(let object): object.spec.annotations
        case .volume(let object): object.spec.annotations
        }
    }

    /// The name by which watches find the object: a node's is its host's.
    var watchName: String {
        if case .node(let node) = self { node.description_p.hostname } else { self.annotations.name }
    }

    /// What a resource is; nil for SwarmKit's own kinds.
    var resourceKind: String? {
        if case .resource(let resource) = self { resource.kind } else { nil }
    }

    /// The object without what no call of the API gives back: secrets' data, and the cluster's keys.
    ///
    /// SwarmKit's watch sends them; nobody who may see them needs to.
    var redacted: Self {
        switch self {
        case .secret(var secret):
            secret.spec.data = Data()
            return .secret(secret)
        case .cluster(let cluster): return .cluster(ClusterView.redacted(cluster))
        case .node, .service, .network, .task, .resource, .extension, .config, .volume: return self
        }
    }
}
