import Foundation
import Testing

/// A file of commands and expected answers, in the form of cockroachdb's `datadriven`.
struct DataDrivenFile: CustomTestStringConvertible {
    /// What differs between a file and what came out.
    struct Mismatch: CustomStringConvertible {
        var path: String
        var line: Int
        var command: String
        var expected: [String]
        var actual: [String]

        var description: String {
            let expected = self.expected.joined(separator: "\n")
            let actual = self.actual.joined(separator: "\n")
            return "\(self.path):\(self.line): \(self.command)\nexpected:\n\(expected)\nactual:\n\(actual)"
        }
    }

    let url: URL

    var testDescription: String { self.url.lastPathComponent }

    /// The files of a folder, in alphabetical order; none if there is no such folder.
    static func files(in folder: URL) -> [DataDrivenFile] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted()
            .map { DataDrivenFile(url: folder.appending(path: $0)) }
    }

    /// Runs every command and compares the answers.
    ///
    /// With `REWRITE_TRANSCRIPTS` set, the answers replace what was expected.
    func mismatches(isOwn: Bool = false, run: (DataDrivenCase) throws -> [String]) throws -> [Mismatch] {
        var lines = try String(contentsOf: self.url, encoding: .utf8).components(separatedBy: "\n")
        var mismatches: [Mismatch] = []
        let rewrites = isOwn && ProcessInfo.processInfo.environment["REWRITE_TRANSCRIPTS"] != nil
        var replacements: [(range: Range<Int>, lines: [String])] = []
        for next in Self.cases(lines) {
            let answer = try run(next)
            let actual = answer.isEmpty ? ["ok"] : answer
            replacements.append((next.expectedRange, actual))
            guard actual != next.expectedWithoutLogs, !rewrites else { continue }
            mismatches.append(
                Mismatch(
                    path: self.url.path,
                    line: next.line,
                    command: lines[next.line - 1],
                    expected: next.expectedWithoutLogs,
                    actual: actual
                )
            )
        }
        if rewrites {
            for replacement in replacements.reversed() {
                lines.replaceSubrange(replacement.range, with: replacement.lines)
            }
            try lines.joined(separator: "\n").write(to: self.url, atomically: true, encoding: .utf8)
        }
        return mismatches
    }

    static func cases(_ lines: [String]) -> [DataDrivenCase] {
        var cases: [DataDrivenCase] = []
        var next = 0
        while next < lines.count {
            let text = lines[next]
            if text.allSatisfy(\.isWhitespace) || text.hasPrefix("#") {
                next += 1
            } else {
                cases.append(Self.readCase(lines, &next))
            }
        }
        return cases
    }

    private static func readCase(_ lines: [String], _ next: inout Int) -> DataDrivenCase {
        let line = next + 1
        var command = lines[next]
        while command.hasSuffix("\\"), next + 1 < lines.count {
            next += 1
            command = command.dropLast() + lines[next]
        }
        next += 1
        let input = Self.take(lines, &next) { $0 == "----" }
        next += 1
        let isDouble = next < lines.count && lines[next] == "----"
        if isDouble { next += 1 }
        let start = next
        let expected = Self.take(lines, &next) { isDouble ? $0 == "----" : $0.allSatisfy(\.isWhitespace) }
        let range = start..<next
        if isDouble { next += 2 }
        let parsed = DataDrivenCase.parse(command: command)
        return DataDrivenCase(
            line: line,
            command: parsed.command,
            arguments: parsed.arguments,
            input: input,
            expected: expected,
            expectedRange: range
        )
    }

    private static func take(_ lines: [String], _ next: inout Int, until isEnd: (String) -> Bool) -> [String]
    {
        let start = next
        while next < lines.count, !isEnd(lines[next]) { next += 1 }
        return Array(lines[start..<next])
    }
}
