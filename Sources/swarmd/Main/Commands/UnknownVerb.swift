import ArgumentParser

/// A word that stands where a command should, and is none.
///
/// It is looked for before the parser sees the line: with `--help` that would show the help of what it knows.
struct UnknownVerb: Equatable, CustomStringConvertible {
    /// What was typed.
    let word: String
    /// The command before it, as in "swarmd node".
    let path: String
    /// Commands that may have been meant.
    let likely: [String]

    /// The first one of `arguments`, which are those after the program's name; nil where all are commands.
    init?(in arguments: [String]) {
        var rest = arguments[...]
        if rest.first == "help" { rest = rest.dropFirst() }
        var path = ["swarmd"]
        var children: [any ParsableCommand.Type] = SwarmdCommand.configuration.subcommands
        for argument in rest {
            guard !children.isEmpty, !argument.hasPrefix("-") else { return nil }
            guard let match = children.first(where: { $0.names.contains(argument) }) else {
                self.word = argument
                self.path = path.joined(separator: " ")
                self.likely = children.filter { $0.names.contains { Self.isNear(argument, $0) } }
                    .map { (path + [$0._commandName]).joined(separator: " ") }
                return
            }
            path.append(match._commandName)
            children = match.configuration.subcommands
        }
        return nil
    }

    var description: String {
        let problem = "there is no command `\(self.path) \(self.word)`"
        if self.path == "swarmd", self.word == "swarm" {
            return
                "\(problem): docker's verbs of a swarm stand without the noun, as in `swarmd init` (see `swarmd --help`)"
        }
        guard !self.likely.isEmpty else { return "\(problem) (see `\(self.path) --help`)" }
        let names = self.likely.map { "`\($0)`" }.joined(separator: " or ")
        return "\(problem): did you mean \(names)? (see `\(self.path) --help`)"
    }

    /// Whether one word may be meant for the other: a slip or two, or the beginning of it.
    private static func isNear(_ word: String, _ name: String) -> Bool {
        if word.count >= 2, name.hasPrefix(word) { return true }
        return Self.distance(Array(word), Array(name)) <= (name.count > 3 ? 2 : 1)
    }

    /// How many characters have to be changed, put in or taken out (Levenshtein).
    private static func distance(_ one: [Character], _ other: [Character]) -> Int {
        var row = Array(0...other.count)
        for (index, character) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let change = diagonal + (character == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}

extension ParsableCommand {
    /// What the command is called by.
    fileprivate static var names: [String] { [self._commandName] + self.configuration.aliases }
}
