import SwarmAPI

/// Nodes are to become managers, or workers: what that does to the quorum.
struct RoleQuestion: Sendable, Equatable {
    /// A node as it was when the question was asked.
    struct Target: Sendable, Equatable {
        var id: String
        var name: String
        var version: UInt64
        var isReachable: Bool
        var isLeader: Bool
    }

    /// Which way.
    enum Kind: Sendable, Equatable {
        case promote, demote

        var role: SwarmNodeRole { self == .promote ? .manager : .worker }
        var word: String { self == .promote ? "promote" : "demote" }
    }

    /// Why the managers would refuse.
    enum Refusal: Sendable, Equatable {
        case noManagerLeft
        case quorumLost(without: String)
    }

    /// One dialog changes no more nodes: each is a request of its own.
    static let limit = 50

    let kind: Kind
    var targets: [Target]
    let before: Quorum
    let after: Quorum
    /// Why the manager would refuse; nil when it would not.
    let refusal: Refusal?
    /// Must be typed where no further manager could be lost afterwards.
    var confirmation: TypedName?

    init(_ kind: Kind, _ targets: [Target], _ quorum: Quorum) {
        self.kind = kind
        self.targets = targets
        self.before = quorum
        switch kind {
        case .promote:
            self.after = quorum.adding(targets.count, reachable: targets.count { $0.isReachable })
            self.refusal = nil
        case .demote: (self.after, self.refusal) = Self.demoted(targets, quorum)
        }
        if kind == .demote, self.refusal == nil, self.after.spare < 1, let first = targets.first {
            self.confirmation = TypedName(first.name, id: first.id)
        }
    }

    /// Takes the managers out one after the other, as the group does; each step must keep its majority.
    private static func demoted(_ targets: [Target], _ quorum: Quorum) -> (Quorum, Refusal?) {
        var quorum = quorum
        var refusal: Refusal?
        for target in targets {
            quorum = quorum.removing(reachable: target.isReachable)
            if refusal != nil { continue }
            if quorum.managers < 1 {
                refusal = .noManagerLeft
            } else if !quorum.isHeld {
                refusal = .quorumLost(without: target.name)
            }
        }
        return (quorum, refusal)
    }

    /// The change may be asked for.
    var isReady: Bool {
        self.refusal == nil && !self.targets.isEmpty && self.confirmation?.isComplete != false
    }

    mutating func take(_ key: Key) { self.confirmation?.take(key) }

    /// Takes note that a node is now at `version`; returns what to tell.
    mutating func conflicted(
        _ id: String,
        version: UInt64,
        isManager: Bool,
        _ strings: Strings
    ) -> String {
        guard let index = self.targets.firstIndex(where: { $0.id == id }) else { return strings.meanwhile }
        self.targets[index].version = version
        return strings.meanwhile(self.targets[index].name, isManager: isManager)
    }

    /// "w01", "w01 and w02", "5 nodes".
    func names(_ strings: Strings) -> String {
        switch self.targets.count {
        case 1, 2: strings.both(self.targets.map(\.name))
        case let count: strings.countedNodes(count)
        }
    }
}
