import RaftCore

extension Message.Kind {
    /// Etcd's name of the kind.
    var etcdText: String {
        switch self {
        case .campaign: "MsgHup"
        case .beat: "MsgBeat"
        case .propose: "MsgProp"
        case .append: "MsgApp"
        case .appendResponse: "MsgAppResp"
        case .vote: "MsgVote"
        case .voteResponse: "MsgVoteResp"
        case .snapshot: "MsgSnap"
        case .heartbeat: "MsgHeartbeat"
        case .heartbeatResponse: "MsgHeartbeatResp"
        case .unreachable: "MsgUnreachable"
        case .snapshotStatus: "MsgSnapStatus"
        case .checkQuorum: "MsgCheckQuorum"
        case .transferLeader: "MsgTransferLeader"
        case .timeoutNow: "MsgTimeoutNow"
        case .readIndex: "MsgReadIndex"
        case .readIndexResponse: "MsgReadIndexResp"
        case .preVote: "MsgPreVote"
        case .preVoteResponse: "MsgPreVoteResp"
        case .storageAppend: "MsgStorageAppend"
        case .storageAppendResponse: "MsgStorageAppendResp"
        case .storageApply: "MsgStorageApply"
        case .storageApplyResponse: "MsgStorageApplyResp"
        case .forgetLeader: "MsgForgetLeader"
        }
    }
}

extension RaftID {
    var etcdText: String {
        switch self {
        case .none: "None"
        case .appendThread: "AppendThread"
        case .applyThread: "ApplyThread"
        default: String(self.rawValue, radix: 16)
        }
    }
}

extension Entry {
    var etcdText: String {
        switch self.payload {
        case .normal(let bytes):
            let text = String(decoding: bytes, as: UTF8.self).replacing("\"", with: "\\\"")
            return "\(self.term)/\(self.index) EntryNormal \"\(text)\""
        case .configuration(let change):
            let name = change.isV1 ? "EntryConfChange" : "EntryConfChangeV2"
            return (["\(self.term)/\(self.index) \(name)"] + change.changes.map(\.etcdText))
                .joined(separator: " ")
        }
    }
}

extension Snapshot {
    var etcdText: String {
        "Index:\(self.index) Term:\(self.term) ConfState:\(self.configuration.etcdText)"
    }
}

extension Message {
    /// The message as etcd prints it; long ones take several lines.
    var etcdLines: [String] {
        var head = "\(self.from.etcdText)->\(self.to.etcdText) \(self.kind.etcdText) Term:\(self.term)"
        head += " Log:\(self.logTerm)/\(self.index)"
        if self.reject { head += " Rejected (Hint: \(self.rejectHint))" }
        if self.commit != 0 { head += " Commit:\(self.commit)" }
        if self.vote != .none { head += " Vote:\(self.vote)" }
        var lines = [head]
        if self.entries.count == 1 {
            lines[0] += " Entries:[\(self.entries[0].etcdText)]"
        } else if self.entries.count > 1 {
            lines[0] += " Entries:["
            lines += self.entries.map { "  \($0.etcdText)" } + ["]"]
        }
        if let snapshot = self.snapshot, !snapshot.isEmpty {
            lines.append("  Snapshot: \(snapshot.etcdText)")
        }
        if !self.responses.isEmpty {
            lines[lines.count - 1] += " Responses:["
            lines += self.responses.flatMap(\.etcdLines).map { "  \($0)" } + ["]"]
        }
        return lines
    }
}

extension Role {
    var etcdText: String {
        switch self {
        case .follower: "StateFollower"
        case .preCandidate: "StatePreCandidate"
        case .candidate: "StateCandidate"
        case .leader: "StateLeader"
        }
    }
}

extension Ready {
    /// What there is to do, as etcd prints it.
    var etcdLines: [String] {
        var lines: [String] = []
        if let state = self.softState { lines.append("Lead:\(state.leader) State:\(state.role.etcdText)") }
        if let state = self.hardState {
            let vote = state.vote == .none ? "" : " Vote:\(state.vote)"
            lines.append("HardState Term:\(state.term)\(vote) Commit:\(state.commit)")
        }
        for read in self.readStates {
            lines.append("ReadState \(String(decoding: read.context, as: UTF8.self)) at \(read.index)")
        }
        if !self.entries.isEmpty { lines += ["Entries:"] + self.entries.map(\.etcdText) }
        if let snapshot = self.snapshot { lines.append("Snapshot \(snapshot.etcdText)") }
        if !self.committedEntries.isEmpty {
            lines += ["CommittedEntries:"] + self.committedEntries.map(\.etcdText)
        }
        let messages = self.messages + self.messagesAfterPersisting
        if !messages.isEmpty { lines += ["Messages:"] + messages.flatMap(\.etcdLines) }
        return lines.isEmpty ? ["<empty Ready>"] : ["Ready MustSync=\(self.mustSync):"] + lines
    }
}

extension RaftError {
    var etcdText: String {
        switch self {
        case .proposalDropped: "raft proposal dropped"
        case .localMessage: "raft: cannot step raft local message"
        case .unknownPeer: "raft: cannot step as peer not found"
        default: self.description
        }
    }
}
