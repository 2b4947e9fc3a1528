/// What `:` understands, and how it is completed.
enum CommandWords {
    /// What stands after a command.
    enum Argument: Sendable { case nothing, service, node, any, number, ca, theme }

    /// The console's own commands, which dialogs name too.
    static let short: [(name: String, arguments: [Argument])] = [
        ("activate", [.node]), ("certs", []), ("demote", [.node]), ("describe", [.any]), ("drain", [.node]),
        ("edit", [.any]), ("events", []), ("help", []), ("jobs", []), ("logs", [.any]), ("networks", []),
        ("nodes", []), ("pause", [.node]), ("promote", [.node]), ("ps", [.any]), ("quit", []), ("raft", []),
        ("rm", [.service]), ("rm-node", [.node]), ("roll", [.service]), ("rollback", [.service]),
        ("rotate", [.ca]), ("scale", [.service, .number]), ("secrets", []), ("services", []), ("tasks", []),
        ("theme", [.theme]),
        ("tokens", []), ("transfer-leader", [.node]), ("undo", []),
    ]

    /// The verbs of `swarmd` with the console's commands that mean the same.
    static let verbs: [(words: [String], short: String, argument: Argument)] = [
        (["service", "ls"], "services", .nothing), (["service", "ps"], "ps", .service),
        (["service", "scale"], "scale", .service), (["service", "rm"], "rm", .service),
        (["service", "rollback"], "rollback", .service), (["service", "logs"], "logs", .service),
        (["service", "inspect"], "describe", .service), (["service", "update", "--force"], "roll", .service),
        (["node", "ls"], "nodes", .nothing), (["node", "ps"], "ps", .node),
        (["node", "inspect"], "describe", .node), (["node", "promote"], "promote", .node),
        (["node", "demote"], "demote", .node), (["node", "rm"], "rm-node", .node),
        (["node", "update", "--availability", "drain"], "drain", .node),
        (["node", "update", "--availability", "pause"], "pause", .node),
        (["node", "update", "--availability", "active"], "activate", .node),
        (["cluster", "transfer-leader"], "transfer-leader", .node),
        (["ca", "--rotate"], "rotate ca", .nothing), (["secret", "ls"], "secrets", .nothing),
        (["config", "ls"], "secrets", .nothing), (["network", "ls"], "networks", .nothing),
    ]

    /// The command in the console's own words: `service scale web=5` is `scale web 5`.
    static func normalized(_ words: [String]) -> [String] {
        var words = words
        if words.first == "swarmd" { words.removeFirst() }
        guard let verb = Self.verbs.first(where: { words.starts(with: $0.words) }) else { return words }
        let rest = words.dropFirst(verb.words.count).flatMap { word -> [String] in
            guard verb.short == "scale" else { return [word] }
            return word.split(separator: "=", maxSplits: 1).map(String.init)
        }
        return verb.short.split(separator: " ").map(String.init) + rest
    }

    /// What the last word of `text` may become.
    static func candidates(for text: String, services: [String], nodes: [String]) -> [String] {
        var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let last = words.popLast() ?? ""
        words.removeAll { $0.isEmpty }
        var found: [String] = []
        func names(_ argument: Argument) -> [String] {
            switch argument {
            case .service: services
            case .node: nodes
            case .any: services + nodes
            case .ca: ["ca"]
            case .theme: Theme.allCases.map(\.rawValue)
            case .nothing, .number: []
            }
        }
        if words.isEmpty { found += Self.short.map(\.name) }
        if let command = Self.short.first(where: { $0.name == words.first }) {
            // Promotions and demotions take as many names as are given.
            let position = words.count - 1
            let isOpen = ["promote", "demote"].contains(command.name)
            let arguments = command.arguments
            if position < arguments.count || isOpen {
                found += names(arguments[min(position, arguments.count - 1)])
            }
        }
        for verb in Self.verbs where verb.words.starts(with: words.prefix(verb.words.count)) {
            if words.count < verb.words.count {
                found.append(verb.words[words.count])
            } else if words.count == verb.words.count {
                found += names(verb.argument)
            }
        }
        return Array(Set(found.filter { $0.hasPrefix(last) })).sorted()
    }
}

/// Typing a command.
extension Model {
    /// How many commands are remembered.
    private static let historyLimit = 100

    /// Tab: the rest of the word, as far as there is no doubt; the choices where there is.
    mutating func complete(_ text: String) {
        let services = self.cluster.serviceOrder.keys.map(\.name)
        let nodes = self.cluster.nodeOrder.keys.map(\.name)
        let candidates = CommandWords.candidates(for: text, services: services, nodes: nodes)
        guard let first = candidates.first else { return self.say(self.strings.nothingBeginsSo, .muted) }
        let head = text.lastIndex(of: " ").map { String(text[...$0]) } ?? ""
        let common = candidates.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        let completed = head + common + (candidates.count == 1 ? " " : "")
        if completed == text { self.say(candidates.joined(separator: "  "), .muted) }
        self.mode = .command(completed)
    }

    /// Up and down: the commands of before.
    mutating func recall(_ step: Int, from text: String) {
        let position = min(max(0, (self.recalled ?? self.commands.count) + step), self.commands.count)
        self.recalled = position
        self.mode = .command(position < self.commands.count ? self.commands[position] : "")
    }

    mutating func note(command text: String) {
        self.recalled = nil
        guard !text.isEmpty, self.commands.last != text else { return }
        self.commands.append(text)
        if self.commands.count > Self.historyLimit { self.commands.removeFirst() }
    }

    /// `:ps`, `:logs`, `:describe` and `:edit`: goes to the service or the node of that name first.
    mutating func command(_ verb: String, on name: String) -> [Effect] {
        let service = self.cluster.services.values.first { $0.name == name || $0.id == name }
        if let service {
            self.reveal(service.id, in: .services)
        } else if let node = self.node(named: name) {
            self.reveal(node.id, in: .nodes)
        } else {
            self.say(self.strings.noServiceOrNode(named: name))
            return []
        }
        return switch verb {
        case "ps": self.drill()
        case "logs": self.openLogs()
        case "edit": self.edit()
        default: self.inspect(.describe)
        }
    }
}

extension String {
    /// What both begin with.
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
