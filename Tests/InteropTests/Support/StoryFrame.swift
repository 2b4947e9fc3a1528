import Foundation

/// A screen as the documents show it: what differs from run to run is replaced by the same text for all.
enum StoryFrame {
    /// Which blanks make up for a replacement that is longer or shorter.
    private enum Fit {
        case none
        /// Those before it, as in a column of numbers.
        case before
        /// The last two or more after it.
        case after
    }

    private struct Rule {
        let pattern: Regex<Substring>
        let text: String
        var fit: Fit = .none
    }

    /// The order counts: what is more exact comes first.
    private static var rules: [Rule] {
        [
            Rule(pattern: #/\b[a-z0-9]{50}\b/#, text: String(repeating: "3v9x2m7q4w", count: 5)),
            Rule(pattern: #/\b(?=[a-z]*\d)[a-z0-9]{25}\b/#, text: "k3v9x2m7q4w8z1c6b5n0p1r2t"),
            Rule(pattern: #/\d{4}-\d\d-\d\dT[\d:.]+Z/#, text: "2026-01-01T12:00:00Z"),
            Rule(pattern: #/\d{4}-\d\d-\d\d/#, text: "2026-01-01"),
            Rule(pattern: #/\b\d\d:\d\d:\d\d\b/#, text: "12:00:00"),
            Rule(pattern: #/127\.0\.0\.1:\d+/#, text: "127.0.0.1:4242"),
            Rule(pattern: #/commit \d+ lag \d+/#, text: "commit 42 lag 0"),
            Rule(pattern: #/commit \d+   applied \d+   first \d+/#, text: "commit 42   applied 42   first 1"),
            Rule(pattern: #/WAL [\d.]+[KM] \(\d+ entries/#, text: "WAL 16.0M (42 entries"),
            Rule(pattern: #/version \d+/#, text: "version 27", fit: .after),
            Rule(pattern: #/Index  \d+/#, text: "Index  27"),
            Rule(pattern: #/cpu [\d.]+/#, text: "cpu 7", fit: .after),
            Rule(pattern: #/mem [\d.]+[MGT]/#, text: "mem 15.0G", fit: .after),
            // What a box leaves of a size.
            Rule(pattern: #/│[\d.]+G\b/#, text: "│6.0G"),
            Rule(pattern: #/┐[\d.]+G\b/#, text: "┐6.0G"),
            Rule(pattern: #/^ \d\d:\d\d│/#, text: " 12:00│"),
            Rule(pattern: #/\d[\d.]* m?s without/#, text: "40 ms without"),
            Rule(pattern: #/\+\d+\.\d+s/#, text: "+0.1s"),
            Rule(pattern: #/\d+       -  /#, text: "37       -  ", fit: .before),
            Rule(pattern: #/\b\d+d\b/#, text: "89d", fit: .before),
            Rule(pattern: #/\b\d+[smh](?:\d+[sm])?\b/#, text: "1s", fit: .before),
            Rule(pattern: #/expires 2026-01-01 \(89d\)/#, text: "expires 2046-01-01 (7299d)"),
        ]
    }

    /// Where the frame `name` is kept.
    static func file(_ name: String) -> URL {
        URL(filePath: #filePath).appending(path: "../../../../docs/console/\(name).txt").standardized
    }

    /// What is kept of `screen`.
    static func text(of screen: String) -> String {
        let rules = Self.rules
        let lines = Self.roots(screen).split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var text = Self.resources(Self.entries(String(line)))
            for rule in rules { text = Self.replace(rule, in: text) }
            while text.last == " " { text.removeLast() }
            return text
        }
        return lines.joined(separator: "\n").trimmingCharacters(in: .newlines) + "\n"
    }

    private static func replace(_ rule: Rule, in line: String) -> String {
        var (done, rest) = ("", line)
        while let match = rest.firstMatch(of: rule.pattern) {
            done += rest[..<match.range.lowerBound]
            let missing = match.output.count - rule.text.count
            rest = String(rest[match.range.upperBound...])
            switch rule.fit {
            case .none: break
            case .before where done.hasSuffix("  "):
                if missing < 0 { done.removeLast(min(-missing, done.count)) }
                done += String(repeating: " ", count: max(0, missing))
            case .before: break
            case .after: Self.make(&rest, longer: missing)
            }
            done += rule.text
        }
        return done + rest
    }

    /// Makes the last gap of a line longer by `count` columns, or shorter.
    private static func make(_ rest: inout String, longer count: Int) {
        guard let gap = rest.matches(of: #/ {2,}/#).last else { return }
        let blanks = String(repeating: " ", count: max(1, gap.output.count + count))
        rest.replaceSubrange(gap.range, with: blanks)
    }

    /// Gives the root certificate, and the new one in a rotation, the same short names in all frames.
    private static func roots(_ screen: String) -> String {
        var text = screen
        for (match, name) in [
            (screen.firstMatch(of: #/Root CA (\w{8})/#), "4kzu0lxn"),
            (screen.firstMatch(of: #/new root (\w{8})/#), "1b77e0a2"),
        ] {
            if let match { text = text.replacingOccurrences(of: match.output.1, with: name) }
        }
        return text
    }

    /// How large this machine is, in a row of the nodes.
    private static func resources(_ line: String) -> String {
        line.replacing(#/(\d[\d.]*)\/\d+( +)([\d.]+[KMGT]?)\/[\d.]+[KMGT]( +)/#) { match in
            let (first, second) = ("\(match.1)/4", "\(match.3)/16.0G")
            let start = match.output.0.distance(from: match.2.endIndex, to: match.output.0.endIndex)
            let width = match.output.0.count - start
            return first.padding(toLength: width, withPad: " ", startingAt: 0)
                + second.padding(toLength: start, withPad: " ", startingAt: 0)
        }
    }

    /// How far a member's log is, in a row of the managers.
    private static func entries(_ line: String) -> String {
        line.replacing(#/(LEADER|follower)( +\S+)( +)\d+( +)\d+( +)\d+ /#) { match in
            var text = match.output.0[..<match.3.startIndex]
            for (gap, end, number) in [
                (match.3, match.4.startIndex, "42"), (match.4, match.5.startIndex, "43"),
                (match.5, match.output.0.endIndex, "0 "),
            ] {
                let width = match.output.0.distance(from: gap.startIndex, to: end)
                text += String(repeating: " ", count: max(1, width - number.count)) + number
            }
            return String(text)
        }
    }
}
