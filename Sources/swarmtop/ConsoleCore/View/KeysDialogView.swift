import SwarmAPI

/// The cluster's tokens and lock, in a dialog: masked until a key asks for one of them.
enum KeysDialogView {
    static func lines(_ question: KeysQuestion, _ model: Model) -> [Field] {
        let strings = model.strings
        func mask(_ secret: KeysQuestion.Secret) -> String {
            question.shown == secret ? strings.below : Self.mask
        }
        var lines = [
            Field(strings.workerJoin(mask(.worker))), Field(strings.managerJoin(mask(.manager))),
        ]
        if question.autolock {
            lines += [Field(strings.unlockKey(mask(.unlock))), Field(strings.autolockIsOn)]
        } else {
            lines.append(Field(strings.autolockIsOff))
        }
        if let shown = question.shown {
            lines.append(Field(""))
            lines += Self.secret(shown, question, model)
        } else if question.wanted != nil, question.fetching != nil {
            lines += [Field(""), Field(strings.asking, .muted)]
        }
        if let effect = question.change.flatMap({ strings.keysEffect($0) }) {
            lines += [Field(""), Field(effect, .waiting)]
        }
        return lines
    }

    /// What stands in the place of a secret.
    private static let mask = "*******"

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
            guard !keys.unlockKey.isEmpty else { return [Field(model.strings.noUnlockKey, .muted)] }
            let note = Field(model.strings.noteKeyDown, .waiting)
            return [Field(keys.unlockKey, .key)] + (question.isFresh ? [note] : [])
        }
    }

    /// The command that lets a node join this manager.
    private static func join(_ token: String, _ model: Model) -> Field {
        guard !token.isEmpty else { return Field(model.strings.noToken, .muted) }
        let raft = model.cluster.status?.raft
        let own = raft?.members.first { $0.nodeID == model.cluster.status?.nodeID }
        let address = own?.addr ?? raft?.members.first { $0.leader }?.addr ?? "MANAGER:PORT"
        return Field("swarmd join --token \(token) \(address)", .key)
    }
}
