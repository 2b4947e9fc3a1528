/// A flag's comma-separated `key=value` fields, as `--mount` and the long form of `--publish` take them.
struct FieldList {
    var fields: [(key: String, value: String?)]

    /// Splits at commas outside double quotes.
    init(_ text: String, flag: String) throws(CommandError) {
        var words: [String] = [""]
        var quoted = false
        for character in text {
            if character == "\"" {
                quoted.toggle()
            } else if character == ",", !quoted {
                words.append("")
            } else {
                words[words.count - 1].append(character)
            }
        }
        guard !quoted else { throw .flag(flag, text, "a quote is not closed") }
        self.fields = words.map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init
            )
            return (parts.first?.lowercased() ?? "", parts.count > 1 ? parts[1] : nil)
        }
    }
}

/// Splits a command line into words as a shell does: blanks, quotes and backslashes; nothing is expanded.
enum ShellWords {
    static func split(_ text: String, flag: String) throws(CommandError) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var escaped = false
        for character in text {
            if escaped {
                word = (word ?? "") + String(character)
                escaped = false
            } else if character == "\\", quote != "'" {
                escaped = true
                word = word ?? ""
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !escaped else { throw .flag(flag, text, "a quote is not closed") }
        if let word { words.append(word) }
        return words
    }
}
