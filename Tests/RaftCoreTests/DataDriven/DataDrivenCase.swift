/// One command of a data file and what it is expected to answer.
struct DataDrivenCase {
    /// `key=value`, `key=(a,b)` or just `key`.
    struct Argument {
        var key: String
        var values: [String]
    }

    /// The line of the command, counted from 1.
    var line: Int
    var command: String
    var arguments: [Argument]
    var input: [String]
    var expected: [String]
    /// The lines of the expected answer, counted from 0.
    var expectedRange: Range<Int>

    /// The numbers among the arguments that have no value.
    var numbers: [UInt64] { self.arguments.filter(\.values.isEmpty).compactMap { UInt64($0.key) } }

    /// The values of an argument; none if it is absent.
    func values(_ key: String) -> [String] {
        self.arguments.filter { $0.key == key }.flatMap(\.values)
    }

    /// What is expected without the lines that etcd's logger wrote.
    var expectedWithoutLogs: [String] {
        let levels = ["DEBUG ", "INFO ", "WARN ", "ERROR ", "FATAL "]
        let kept = self.expected.filter { line in
            let text = line.drop { $0 == " " }
            return !levels.contains { text.hasPrefix($0) }
        }
        return kept.isEmpty ? ["ok"] : kept
    }

    /// Splits a command line; commas and spaces in parentheses separate values.
    static func parse(command line: String) -> (command: String, arguments: [Argument]) {
        var words: [String] = []
        var word = ""
        var isInside = false
        for character in line {
            if character == "(" { isInside = true }
            if character == ")" { isInside = false }
            if character == " ", !isInside {
                words.append(word)
                word = ""
            } else {
                word.append(character)
            }
        }
        words = (words + [word]).filter { !$0.isEmpty }
        return (words.first ?? "", words.dropFirst().map(Self.parse(argument:)))
    }

    private static func parse(argument: String) -> Argument {
        guard let equals = argument.firstIndex(of: "=") else { return Argument(key: argument, values: []) }
        let text = argument[argument.index(after: equals)...]
        let list = text.hasPrefix("(") ? text.dropFirst().dropLast() : text
        let values = list.split { $0 == "," || $0 == " " }.map(String.init)
        return Argument(key: String(argument[..<equals]), values: values)
    }
}
