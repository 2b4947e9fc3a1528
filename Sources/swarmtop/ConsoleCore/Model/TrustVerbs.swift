import SwarmAPI

/// Opening the questions about roles, certificates and keys.
extension Model {
    /// `P` and `M`: for the marked nodes, or the one at hand.
    mutating func ask(_ kind: RoleQuestion.Kind) {
        let marked = self.page.marks.sorted().compactMap { self.cluster.nodes[$0] }
        let nodes = marked.isEmpty ? self.nodeAtHand.map { [$0] } ?? [] : marked
        guard !nodes.isEmpty else {
            let letter = kind == .promote ? "P promotes" : "M demotes"
            return self.say("\(letter) a node: select one in 1 Nodes")
        }
        self.ask(kind, nodes)
    }

    /// `:promote` and `:demote`.
    mutating func command(_ kind: RoleQuestion.Kind, _ names: [String]) {
        var nodes: [NodeRow] = []
        for name in names {
            guard let node = self.node(named: name) else { return }
            if !nodes.contains(where: { $0.id == node.id }) { nodes.append(node) }
        }
        self.ask(kind, nodes)
    }

    private mutating func ask(_ kind: RoleQuestion.Kind, _ nodes: [NodeRow]) {
        if let obstacle = self.obstacle { return self.say("changes are off: \(obstacle)") }
        let wanted = nodes.filter { $0.gone == nil && $0.wantsManager != (kind == .promote) }
        guard let first = nodes.first, !wanted.isEmpty else {
            let role = kind == .promote ? "a manager" : "a worker"
            let names = nodes.count == 1 ? nodes[0].name : "each of them"
            return self.say(nodes.allSatisfy { $0.gone != nil } ? "gone" : "\(names) is \(role) already")
        }
        guard wanted.count <= RoleQuestion.limit else {
            return self.say("\(wanted.count) nodes at once are too many: mark \(RoleQuestion.limit) at most")
        }
        if kind == .demote, Health(self.cluster).managers == 0 {
            return self.say("\(first.name): the group of managers is not known yet")
        }
        let targets = wanted.map { self.target($0, kind) }
        self.dialog = Dialog(RoleQuestion(kind, targets, Health(self.cluster).group))
    }

    mutating func openRotation() {
        if let obstacle = self.obstacle { return self.say("changes are off: \(obstacle)") }
        guard let cluster = self.clusterAtHand else { return }
        let question = RotationQuestion(cluster: self.cluster.name, id: cluster.id)
        self.dialog = Dialog(question, of: cluster)
    }

    mutating func askKeys() {
        if let obstacle = self.obstacle { return self.say("changes are off: \(obstacle)") }
        guard let cluster = self.clusterAtHand else { return }
        let question = KeysQuestion(autolock: self.cluster.trust?.autolock ?? false)
        self.dialog = Dialog(question, of: cluster)
    }

    /// The cluster object as it was last seen.
    private var clusterAtHand: SeenObject? {
        mutating get {
            guard !self.cluster.clusterID.isEmpty else {
                self.say("the cluster object is not there yet")
                return nil
            }
            return SeenObject(id: self.cluster.clusterID, version: self.cluster.clusterVersion)
        }
    }
}
