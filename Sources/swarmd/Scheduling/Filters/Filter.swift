/// A reason for which a node may be refused, in the order in which they are tried.
///
/// The texts are SwarmKit's (`manager/scheduler/filter.go`): operators and tools know them. What no node has comes after a
/// colon.
enum Filter: Sendable, Hashable, CaseIterable {
    case ready, resources, plugins, constraints, platform, hostPorts, maxReplicas, volumes
    /// Not SwarmKit's: what services ask of each other's places.
    case affinity

    /// Says that `count` nodes are refused, and what they all lack, if that is one thing.
    func explanation(_ count: Int, lack: String = "") -> String {
        let text = self.words(count)
        return lack.isEmpty ? text : "\(text): \(lack)"
    }

    private func words(_ count: Int) -> String {
        let nodes = count == 1 ? "1 node" : "\(count) nodes"
        return switch self {
        case .ready: "\(nodes) not available for new tasks"
        case .resources: "insufficient resources on \(nodes)"
        case .plugins: "missing plugin on \(nodes)"
        case .constraints: "scheduling constraints not satisfied on \(nodes)"
        case .platform: "unsupported platform on \(nodes)"
        case .hostPorts: "host-mode port already in use on \(nodes)"
        case .maxReplicas: "max replicas per node limit exceed"
        case .volumes: "cannot fulfill requested CSI volume mounts on \(nodes)"
        case .affinity: "affinity to other services not satisfied on \(nodes)"
        }
    }
}

/// How many nodes each filter refused.
struct Refusals: Sendable {
    private var counts: [Filter: Int] = [:]

    mutating func count(_ filter: Filter, nodes: Int = 1) {
        if nodes > 0 { self.counts[filter, default: 0] += nodes }
    }

    /// The filters that refused, most nodes first, each with what `lack` says of it; empty when none did.
    func explanation(lack: (Filter) -> String) -> String {
        Filter.allCases.enumerated()
            .compactMap { place, filter in
                self.counts[filter].map { (count: $0, place: place, filter: filter) }
            }
            .sorted { ($1.count, $0.place) < ($0.count, $1.place) }
            .map { $0.filter.explanation($0.count, lack: lack($0.filter)) }
            .joined(separator: "; ")
    }
}
