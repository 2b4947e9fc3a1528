import SwarmAPI
import SwiftProtobuf

/// Drops changes that a listing has already, so that a reader never sees an object go back in time.
///
/// The watch begins before the listing, so its first changes may be older than what was listed; and a watch
/// that is resumed from one of those tells the changes between again, however late. Ids are never used
/// twice, so what was listed can be compared for as long as the listing counts.
struct FeedCatchUp: Sendable {
    private let versions: [String: UInt64]

    init(_ listing: ClusterListing) {
        var versions: [String: UInt64] = [:]
        if let cluster = listing.cluster { versions[cluster.id] = cluster.meta.version.index }
        for node in listing.nodes { versions[node.id] = node.meta.version.index }
        for service in listing.services { versions[service.id] = service.meta.version.index }
        for task in listing.tasks { versions[task.id] = task.meta.version.index }
        for network in listing.networks { versions[network.id] = network.meta.version.index }
        for secret in listing.secrets { versions[secret.id] = secret.meta.version.index }
        for config in listing.configs { versions[config.id] = config.meta.version.index }
        self.versions = versions
    }

    /// The events that tell something that was not listed.
    func newer(_ events: [SwarmWatchMessage.Event]) -> [SwarmWatchMessage.Event] {
        events.filter { event in
            guard let (id, version) = Self.identity(event.object), let listed = self.versions[id] else {
                return true
            }
            return event.action == .watchActionRemove || version > listed
        }
    }

    /// The id and version of a followed object.
    private static func identity(_ object: SwarmObject) -> (String, UInt64)? {
        switch object.object {
        case .cluster(let cluster): (cluster.id, cluster.meta.version.index)
        case .node(let node): (node.id, node.meta.version.index)
        case .service(let service): (service.id, service.meta.version.index)
        case .task(let task): (task.id, task.meta.version.index)
        case .network(let network): (network.id, network.meta.version.index)
        case .secret(let secret): (secret.id, secret.meta.version.index)
        case .config(let config): (config.id, config.meta.version.index)
        default: nil
        }
    }
}
