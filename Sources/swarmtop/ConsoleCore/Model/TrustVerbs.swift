import SwarmAPI

/// Opening the questions about roles, certificates and keys.
extension Model {
    /// `P` and `M`: for the marked nodes, or the one at hand.
    mutating func ask(_ kind: RoleQuestion.Kind) {
        let marked = self.markedNodes
        let nodes = marked.isEmpty ? self.nodeAtHand.map { [$0] } ?? [] : marked
        guard !nodes.isEmpty else {
            return self.say(self.strings.selectForRole(isPromotion: kind == .promote))
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
        if let obstacle = self.obstacle { return self.say(self.strings.changesAreOff(obstacle)) }
        let wanted = nodes.filter { $0.gone == nil && $0.wantsManager != (kind == .promote) }
        guard let first = nodes.first, !wanted.isEmpty else {
            if nodes.allSatisfy({ $0.gone != nil }) { return self.say(self.strings.gone) }
            let isManager = kind == .promote
            return self.say(
                nodes.count == 1
                    ? self.strings.hasRole(nodes[0].name, isManager: isManager)
                    : self.strings.eachHasRole(isManager: isManager)
            )
        }
        guard wanted.count <= RoleQuestion.limit else {
            return self.say(self.strings.tooManyNodes(wanted.count, limit: RoleQuestion.limit))
        }
        if kind == .demote, Health(self.cluster).managers == 0 {
            return self.say(self.strings.groupUnknown(first.name))
        }
        let targets = wanted.map { self.target($0, kind) }
        self.dialog = Dialog(RoleQuestion(kind, targets, Health(self.cluster).group))
    }

    mutating func openRotation() {
        if let obstacle = self.obstacle { return self.say(self.strings.changesAreOff(obstacle)) }
        guard let cluster = self.clusterAtHand else { return }
        let question = RotationQuestion(cluster: self.cluster.name, id: cluster.id)
        self.dialog = Dialog(question, of: cluster)
    }

    mutating func askKeys() {
        if let obstacle = self.obstacle { return self.say(self.strings.changesAreOff(obstacle)) }
        guard let cluster = self.clusterAtHand else { return }
        let question = KeysQuestion(autolock: self.cluster.trust?.autolock ?? false)
        self.dialog = Dialog(question, of: cluster)
    }

    /// The cluster object as it was last seen.
    private var clusterAtHand: SeenObject? {
        mutating get {
            guard !self.cluster.clusterID.isEmpty else {
                self.say(self.strings.noClusterObject)
                return nil
            }
            return SeenObject(id: self.cluster.clusterID, version: self.cluster.clusterVersion)
        }
    }
}
