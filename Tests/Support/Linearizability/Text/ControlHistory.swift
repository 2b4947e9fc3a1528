/// A history of the control API as text, to be kept when a check fails and replayed later.
///
/// One operation a line: client, time of the call, time of the answer, kind, name, what was asked, `=>`, and
/// the answer. A dash is the time of an answer that never came, or an object meant by its name alone; such an
/// operation ends with `=> ?`. Empty lines and lines that begin with `#` say nothing.
///
///     # seed 7
///     0 10 14 config web create blue => created c1 3
///     1 12 20 config web get - => found c1 3 blue
///     0 21 - config web update c1 3 "light blue" => ?
///     1 30 34 config web remove c1 => removed
package struct ControlHistory: Sendable, Equatable {
    /// An operation of the history.
    package typealias Entry = Operation<ControlCall, ControlReply>

    /// A line that is no operation.
    package struct Mistake: Error, Equatable, CustomStringConvertible {
        /// The line's number, from one.
        package let line: Int
        /// What is wrong with it.
        package let reason: String

        /// Names a line and its mistake.
        package init(line: Int, reason: String) {
            self.line = line
            self.reason = reason
        }

        package var description: String { "line \(self.line): \(self.reason)" }
    }

    /// The operations, in the order of the lines.
    package var operations: [Entry]

    /// Makes a history of `operations`.
    package init(_ operations: [Entry] = []) { self.operations = operations }

    /// Reads the form that `encoded()` writes.
    package init(decoding text: String) throws(Mistake) {
        self.init()
        for (index, line) in text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.first == 0x23 { continue }
            do {
                self.operations.append(try Self.entry(line))
            } catch {
                throw Mistake(line: index + 1, reason: error.reason)
            }
        }
    }

    /// The history as text.
    package func encoded() -> String {
        self.operations.map { Self.line($0) + "\n" }.joined()
    }

    private static func line(_ entry: Entry) -> String {
        let returned = entry.returned.map(String.init) ?? "-"
        let answer = entry.output?.description ?? "?"
        return "\(entry.client) \(entry.called) \(returned) \(entry.input) => \(answer)"
    }

    private static func entry(_ line: Substring.UTF8View) throws(WordReader.Mistake) -> Entry {
        var reader = try WordReader(line)
        let client: Int = try reader.number("client")
        let called: UInt64 = try reader.number("time of the call")
        let returned = try Self.time(&reader)
        let call = try ControlCall(from: &reader)
        try reader.expect("=>")
        let outcome: Entry.Outcome
        if let returned {
            guard returned >= called else { throw .init(reason: "the answer comes before the call") }
            outcome = .known(try ControlReply(from: &reader), at: returned)
        } else {
            try reader.expect("?")
            outcome = .unknown
        }
        try reader.finish()
        return Entry(client: client, input: call, called: called, outcome: outcome)
    }

    private static func time(_ reader: inout WordReader) throws(WordReader.Mistake) -> UInt64? {
        guard let text = try reader.optionalText("time of the answer") else { return nil }
        guard let time = UInt64(text) else {
            throw .init(reason: "time of the answer is '\(text)', not a number")
        }
        return time
    }
}
