/// How good a node is for a task of a group; the least is the best.
struct Rank: Sendable, Comparable {
    /// Failures of the group's service there, where they are too many to be overlooked.
    var failures: Int
    /// Soft wishes about other services' places that the node does not meet.
    var unmetWishes = 0
    /// Tasks of the service there; for binpack, how full the node is, the fullest least.
    var serviceTasks: Int
    /// Tasks of any service there; for binpack, the most least.
    var allTasks: Int
    /// The node's identifier: it decides between equals.
    let nodeID: String
    /// The node's place in the node set.
    let place: Int

    static func < (left: Self, right: Self) -> Bool {
        if left.failures != right.failures { return left.failures < right.failures }
        if left.unmetWishes != right.unmetWishes { return left.unmetWishes < right.unmetWishes }
        if left.serviceTasks != right.serviceTasks { return left.serviceTasks < right.serviceTasks }
        if left.allTasks != right.allTasks { return left.allTasks < right.allTasks }
        return left.nodeID < right.nodeID
    }
}

/// How tasks are laid out on the nodes that can take them.
enum Strategy: String, Sendable {
    /// Fewest tasks of the service first, then fewest in all: SwarmKit's only one.
    case spread
    /// The fullest node first, so that others stay free for what is large.
    case binpack

    /// The label that says which, on a service, or on the cluster for services that do not say.
    static let label = "swarmd.strategy"

    /// What `labels` ask for; nil for nothing, or for a strategy that does not exist.
    init?(_ labels: [String: String]) {
        guard let text = labels[Self.label], let strategy = Self(rawValue: text) else { return nil }
        self = strategy
    }
}
