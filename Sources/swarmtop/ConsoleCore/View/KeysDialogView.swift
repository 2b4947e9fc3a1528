import SwarmAPI

/// The cluster's tokens and lock, in a dialog: masked until a key asks for one of them.
enum KeysDialogView {
    static func lines(_ question: KeysQuestion, _ model: Model) -> [Field] {
        var lines = [
            Field("worker's join command    \(Self.mask(.worker, question))    w: show   W: new token"),
            Field("manager's join command   \(Self.mask(.manager, question))    m: show   M: new token"),
        ]
        if question.autolock {
            lines += [
                Field("unlock key               \(Self.mask(.unlock, question))    u: show   U: new key"),
                Field("autolock is on: a manager that starts needs the key    a: off"),
            ]
        } else {
            lines.append(Field("autolock is off: managers start by themselves   a: on"))
        }
        if let shown = question.shown {
            lines.append(Field(""))
            lines += Self.secret(shown, question, model)
        } else if question.wanted != nil, question.fetching != nil {
            lines += [Field(""), Field("asking the manager ...", .muted)]
        }
        if let change = question.change { lines += [Field("")] + Self.consequences(change) }
        return lines
    }

    /// What stands in the place of a secret.
    private static func mask(_ secret: KeysQuestion.Secret, _ question: KeysQuestion) -> String {
        question.shown == secret ? "(below)" : "*******"
    }

    private static func secret(
        _ secret: KeysQuestion.Secret,
        _ question: KeysQuestion,
        _ model: Model
    ) -> [Field] {
        guard let keys = question.keys else { return [] }
        switch secret {
        case .worker: return [Self.join(keys.workerToken, model)]
        case .manager: return [Self.join(keys.managerToken, model)]
        case .unlock:
            guard !keys.unlockKey.isEmpty else { return [Field("there is no unlock key", .muted)] }
            let note = "Note it down now: without it a locked manager cannot start."
            return [Field(keys.unlockKey, .key)] + (question.isFresh ? [Field(note, .waiting)] : [])
        }
    }

    /// The command that lets a node join this manager.
    private static func join(_ token: String, _ model: Model) -> Field {
        guard !token.isEmpty else { return Field("there is no token", .muted) }
        let raft = model.cluster.status?.raft
        let own = raft?.members.first { $0.nodeID == model.cluster.status?.nodeID }
        let address = own?.addr ?? raft?.members.first { $0.leader }?.addr ?? "MANAGER:PORT"
        return Field("swarmd join --token \(token) \(address)", .key)
    }

    static func accept(_ change: ClusterChange?) -> String {
        switch change {
        case .rotateWorkerToken, .rotateManagerToken: "y: make a new token"
        case .rotateUnlockKey: "y: make a new unlock key"
        case .autolock(true): "y: lock managers"
        case .autolock(false): "y: unlock managers for good"
        case .rotateRoot, nil: "Esc: close"
        }
    }

    private static func consequences(_ change: ClusterChange) -> [Field] {
        switch change {
        case .rotateWorkerToken: [Field("The worker token that is out there stops working.", .waiting)]
        case .rotateManagerToken: [Field("The manager token that is out there stops working.", .waiting)]
        case .rotateUnlockKey:
            [Field("The key that is noted down stops working where a manager has the new one.", .waiting)]
        case .autolock(true):
            [
                Field(
                    "Managers' files are encrypted: one that starts again waits for swarmd unlock.",
                    .waiting
                )
            ]
        case .autolock(false): [Field("The key to the managers' files lies beside them again.", .waiting)]
        case .rotateRoot: []
        }
    }
}
