import Foundation

/// What to measure, and for how long.
struct BenchOptions: Sendable {
    var systems: [System]
    /// Sizes of groups.
    var members: [Int]
    /// Numbers of clients.
    var clients: [Int]
    /// The most connections that the clients of one load share.
    var connections: Int
    /// How often each cell is measured.
    var rounds: Int
    var duration: Duration
    var warmUp: Duration
    /// How often a leader is ended in each way.
    var trials: Int
    /// How long a leader is cut off.
    var cut: Duration
    /// Tasks of the group that a manager joins.
    var tasks: Int
    /// The daemon that is measured.
    var swarmd: URL

    /// A load of this many clients.
    func load(_ clients: Int) -> Load {
        Load(clients: clients, connections: self.connections, warmUp: self.warmUp, duration: self.duration)
    }
}
