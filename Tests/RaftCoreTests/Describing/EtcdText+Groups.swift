import RaftCore

/// How etcd prints things, which its data files expect word by word.
extension MembershipError {
    var etcdText: String {
        switch self {
        case .alreadyJoint: "config is already joint"
        case .noVotersToJoin: "can't make a zero-voter config joint"
        case .notJoint: "can't leave a non-joint config"
        case .simpleWhileJoint: "can't apply simple config change in joint config"
        case .noVotersLeft: "removed all voters"
        case .severalVotersChanged: "more than one voter changed without entering joint config"
        case .contradictory(let reason): reason
        }
    }
}

extension RaftIDSet {
    var etcdText: String { "(\(self.map { String($0.rawValue, radix: 16) }.joined(separator: " ")))" }
}

extension Membership {
    var etcdText: String {
        var text = "voters=\(self.voters.incoming.voters.etcdText)"
        if self.voters.isJoint { text += "&&\(self.voters.outgoing.voters.etcdText)" }
        if !self.learners.isEmpty { text += " learners=\(self.learners.etcdText)" }
        if !self.learnersNext.isEmpty { text += " learners_next=\(self.learnersNext.etcdText)" }
        return self.autoLeave ? text + " autoleave" : text
    }
}

extension RaftStatus.Peer {
    var etcdText: String {
        let state =
            switch self.state {
            case .probe: "StateProbe"
            case .replicate: "StateReplicate"
            case .snapshot: "StateSnapshot"
            }
        var text = "\(self.id): \(state) match=\(self.match) next=\(self.next)"
        if self.isLearner { text += " learner" }
        if self.isPaused { text += " paused" }
        if let pending = self.pendingSnapshot { text += " pendingSnap=\(pending)" }
        if !self.isRecentlyActive { text += " inactive" }
        if self.inflights > 0 { text += " inflight=\(self.inflights)" }
        return self.inflights > 0 && self.isInflightFull ? text + "[full]" : text
    }
}

extension ConfigurationState {
    var etcdText: String {
        func list(_ ids: [RaftID]) -> String { "[\(ids.map(\.description).joined(separator: " "))]" }
        return "Voters:\(list(self.voters)) VotersOutgoing:\(list(self.votersOutgoing)) "
            + "Learners:\(list(self.learners)) LearnersNext:\(list(self.learnersNext)) "
            + "AutoLeave:\(self.autoLeave)"
    }
}

extension ConfigurationChange.Change {
    var etcdText: String {
        let letter =
            switch self.kind {
            case .addVoter: "v"
            case .addLearner: "l"
            case .remove: "r"
            case .update: "u"
            }
        return "\(letter)\(self.node)"
    }

    /// Reads changes such as `v1 l2 r3 u4`.
    static func parse(_ text: String) -> [Self] {
        text.split(separator: " ").compactMap { word in
            guard let node = UInt64(word.dropFirst()).map(RaftID.init(rawValue:)) else { return nil }
            switch word.first {
            case "v": return Self(.addVoter, node)
            case "l": return Self(.addLearner, node)
            case "r": return Self(.remove, node)
            case "u": return Self(.update, node)
            default: return nil
            }
        }
    }
}
