/// What a key can be given to; the names are those of the configuration file, `key.NAME`.
///
/// Moving by arrows, Enter, Esc, Tab, the numbers of the views, `:`, `?`, `q`, and `y` and `n`, which answer
/// questions, are the same everywhere for ever.
enum Action: String, Sendable, CaseIterable {
    case down, up, first, last
    case lastView = "last-view"
    case filter, describe, edit, logs, history, tasks, copy
    case map, jobs, actions, undo, freeze, lock
    case markRange = "mark-range"
    case markAll = "mark-all"
    case unmark
    case sort, reverse
    case sortBefore = "sort-before"
    case sortNext = "sort-next"
    case columns, wide
    case scale, availability, promote, demote, roll
    case rollBack = "rollback"
    case keys, remove
    case transferLeader = "transfer-leader"

    /// The key that it is made for.
    var key: Character {
        switch self {
        case .down: "j"
        case .up: "k"
        case .first: "g"
        case .last: "G"
        case .lastView: "-"
        case .filter: "/"
        case .describe: "d"
        case .edit: "e"
        case .logs: "l"
        case .history: "h"
        case .tasks: "t"
        case .copy: "Y"
        case .map: "m"
        case .jobs: "z"
        case .actions: "a"
        case .undo: "u"
        case .freeze: "p"
        case .lock: "L"
        case .markRange: "v"
        case .markAll: "*"
        case .unmark: "U"
        case .sort: "o"
        case .reverse: "O"
        case .sortBefore: "<"
        case .sortNext: ">"
        case .columns: "c"
        case .wide: "w"
        case .scale: "S"
        case .availability: "D"
        case .promote: "P"
        case .demote: "M"
        case .roll: "R"
        case .rollBack: "B"
        case .keys: "K"
        case .remove: "X"
        case .transferLeader: "T"
        }
    }

    /// It opens a question about a change of the cluster.
    var changesCluster: Bool {
        switch self {
        case .scale, .availability, .promote, .demote, .roll, .rollBack, .keys, .remove, .transferLeader: true
        default: false
        }
    }

    /// Why the action cannot have `key`; nil when it can.
    func refusal(of key: Character) -> String? {
        let isPlain = key.unicodeScalars.allSatisfy { (0x21...0x7e).contains($0.value) }
        guard isPlain else { return "not a letter or a sign of ASCII" }
        if key.isNumber { return "numbers choose views" }
        if let use = Self.fixed[key] { return "\(key) \(use)" }
        // The rest of an arrow key that came late begins with one of these (the decoder's guard is the other fence).
        if self.changesCluster, key == "O" || key == "[" { return "\(key) begins the sequences of keys" }
        if self.changesCluster, !key.isUppercase { return "what changes the cluster needs a capital letter" }
        return nil
    }

    private static let fixed: [Character: String] = [
        "y": "accepts questions", "n": "refuses questions", "q": "quits", ":": "begins commands",
        "?": "is for help", "N": "looks for the hit before",
    ]

    /// What no file can give another key.
    static let unbindable: Set<String> = [
        "accept", "cancel", "quit", "help", "command", "yaml", "enter", "escape",
    ]
}
