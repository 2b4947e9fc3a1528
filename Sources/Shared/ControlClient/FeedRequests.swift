import SwarmAPI
import SwiftProtobuf

/// The requests that a feed makes for its scope.
enum FeedRequests {
    /// Create, update and remove together; the wire has them as bits.
    static let allActions = SwarmWatchActionKind.UNRECOGNIZED(7)

    /// What the whole cluster is made of, as far as it is followed.
    private static let kinds = ["cluster", "node", "service", "task", "network", "secret", "config"]

    /// The watch of a scope.
    static func watch(_ scope: FeedScope, resumingFrom version: UInt64?) -> SwarmWatchRequest {
        .with {
            $0.entries =
                switch scope {
                case .cluster: Self.kinds.map { Self.entry($0) }
                case .service(let id):
                    [
                        Self.entry("node"),
                        Self.entry("service", .with { $0.id = id }),
                        Self.entry("task", .with { $0.serviceID = id }),
                    ]
                }
            if let version { $0.resumeFrom = .with { $0.index = version } }
        }
    }

    private static func entry(_ kind: String, _ filter: SwarmSelectBy? = nil) -> SwarmWatchRequest.WatchEntry
    {
        .with {
            $0.kind = kind
            $0.action = Self.allActions
            $0.filters = filter.map { [$0] } ?? []
        }
    }

    /// The objects of a scope.
    static func list(_ scope: FeedScope, with client: ControlClient) async throws -> ClusterListing {
        switch scope {
        case .cluster:
            async let clusters = client.clusters()
            async let nodes = client.nodes()
            async let services = client.services()
            async let tasks = client.tasks()
            async let networks = client.networks()
            async let secrets = client.secrets()
            async let configs = client.configs()
            return try await ClusterListing(
                cluster: clusters.first,
                nodes: nodes,
                services: services,
                tasks: tasks,
                networks: networks,
                secrets: secrets,
                configs: configs
            )
        case .service(let id):
            async let nodes = client.nodes()
            async let services = client.services(.with { $0.idPrefixes = [id] })
            async let tasks = client.tasks(.with { $0.serviceIds = [id] })
            return try await ClusterListing(cluster: nil, nodes: nodes, services: services, tasks: tasks)
        }
    }
}
