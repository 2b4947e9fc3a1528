/// What the operator's configuration file says: `version = 1`, then lines `name = value`; `#` begins a remark.
package struct Settings: Sendable, Equatable {
    package var theme = Theme.standard
    package var mouse = false
    package var ascii = false
    /// nil where the environment tells.
    package var language: Language?
    package var keys = KeyMap()
    /// What is wrong with the file, each in one line with its number; the rest of it holds.
    package private(set) var faults: [String] = []

    /// As the console is made.
    package init() {}

    /// Reads a file's `text`; `file` names it in what is wrong.
    package init(_ text: String, file: String) {
        var reading = Reading(file: file)
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            guard reading.take(line, number: index + 1, &self) else { break }
        }
        reading.finish(&self)
        self.faults = reading.faults
    }

    /// A file while it is being read.
    private struct Reading {
        let file: String
        var faults: [String] = []
        private var known: Set<String> = []
        private var bindings: [(action: Action, line: Int)] = []

        init(file: String) { self.file = file }

        private mutating func refuse(_ line: Int, _ words: String) {
            self.faults.append("\(self.file):\(line): \(words)")
        }

        /// Takes a line; returns false where the rest is not to be read.
        mutating func take(_ line: Substring, number: Int, _ settings: inout Settings) -> Bool {
            let text = line.trimmed
            if number == 1 { return self.takeVersion(text) }
            guard !text.isEmpty, !text.hasPrefix("#") else { return true }
            guard let equals = text.firstIndex(of: "=") else {
                self.refuse(number, "write NAME = VALUE")
                return true
            }
            let name = String(text[..<equals].trimmed)
            let value = String(text[text.index(after: equals)...].trimmed)
            if !self.known.insert(name).inserted {
                self.refuse(number, "\(name) is said twice: the first holds")
            } else if let words = self.set(name, value, number, &settings) {
                self.refuse(number, words)
            }
            return true
        }

        private mutating func takeVersion(_ text: Substring) -> Bool {
            let parts = text.split(separator: "=").map(\.trimmed)
            if parts == ["version", "1"] { return true }
            let isNewer = parts.count == 2 && parts[0] == "version"
            self.refuse(
                1,
                isNewer
                    ? "version \(parts[1]) is not known here (1 is): nothing of the file is used"
                    : "the first line must be 'version = 1': nothing of the file is used"
            )
            return false
        }

        /// Returns what is wrong.
        private mutating func set(
            _ name: String,
            _ value: String,
            _ line: Int,
            _ settings: inout Settings
        ) -> String? {
            switch name {
            case "theme":
                guard let theme = Theme(named: value) else {
                    return "no theme '\(value)': choose \(Theme.choices)"
                }
                settings.theme = theme
            case "mouse", "ascii":
                guard let isOn = ["on": true, "off": false][value] else { return "\(name) is on or off" }
                if name == "mouse" { settings.mouse = isOn } else { settings.ascii = isOn }
            case "lang":
                guard let language = Language(rawValue: value) else {
                    return "no language '\(value)': choose \(Language.choices)"
                }
                settings.language = language
            case _ where name.hasPrefix("key."):
                return self.bind(String(name.dropFirst(4)), value, line, &settings)
            default: return "no setting '\(name)': there are theme, mouse, ascii, lang and key.ACTION"
            }
            return nil
        }

        private mutating func bind(
            _ name: String,
            _ value: String,
            _ line: Int,
            _ settings: inout Settings
        ) -> String? {
            if Action.unbindable.contains(name) { return "\(name) has its key for ever" }
            guard let action = Action(rawValue: name) else {
                return
                    "no action '\(name)': there are \(Action.allCases.map(\.rawValue).joined(separator: " "))"
            }
            guard value.count == 1, let key = value.first else {
                return "key.\(name) needs one character, not '\(value)'"
            }
            if let refusal = action.refusal(of: key) { return "key.\(name) = \(key) is refused: \(refusal)" }
            settings.keys.bind(action, to: key)
            self.bindings.append((action, line))
            return nil
        }

        /// Keys may be swapped, so that only the end tells which clash.
        mutating func finish(_ settings: inout Settings) {
            for clash in settings.keys.settle(self.bindings.map(\.action)) {
                let line = self.bindings.first { $0.action == clash.action }?.line ?? 1
                self.refuse(
                    line,
                    "key.\(clash.action.rawValue) = \(clash.key) is refused: \(clash.other.rawValue) has that key"
                )
            }
        }
    }
}

extension Substring {
    /// Without blanks around it.
    fileprivate var trimmed: Substring {
        var text = self.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
        while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
        return text
    }
}
