import SwarmAPI
import Trust

/// A node that a rotation of the root waits for, as an operator may name it.
struct LateNode: Sendable, Hashable {
    /// Its host name, or its id where that is no name for it alone.
    let name: String
    /// Whether it has a session: one that has needs no help.
    let isUp: Bool
    let isManager: Bool
    /// Whether it never got a certificate: nobody can bring it up.
    var isUnfinished = false

    /// The nodes `late` by name; `nodes` are all there are, of which a name must mean one.
    static func all(_ late: [SwarmNode], among nodes: [SwarmNode]) -> [Self] {
        let count = Dictionary(grouping: nodes, by: \.description_p.hostname).mapValues(\.count)
        return late.map { node in
            let host = node.description_p.hostname
            return Self(
                name: host.isEmpty || count[host] != 1 ? node.id : host,
                isUp: node.status.state == .ready,
                isManager: node.role == .manager,
                isUnfinished: UnfinishedJoin.isOne(node)
            )
        }
        .sorted { $0.name < $1.name }
    }
}
