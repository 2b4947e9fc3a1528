import Foundation

/// The house rules that a compiler cannot check.
struct Tidy {
    struct Rule {
        var banned: String
        var instead: String
        /// Path prefixes in which the rule does not hold.
        var except: [String] = []
    }

    /// Modules whose code must be a function of its inputs.
    static let pure = [
        "Sources/Shared/Primitives/", "Sources/Shared/SwarmAPI/", "Sources/swarmd/RaftCore/",
        "Sources/swarmd/StoreCore/",
        "Sources/swarmd/Execution/", "Sources/swarmd/NodePlan/", "Sources/swarmd/Orchestration/",
        "Sources/swarmd/Templating/", "Sources/swarmd/Scheduling/", "Sources/swarmd/Allocation/",
        "Sources/swarmd/Dispatching/",
        "Sources/swarmtop/ConsoleCore/",
    ]

    static let purity: [Rule] = [
        Rule(banned: "import Foundation", instead: "the standard library"),
        Rule(banned: "import NIO", instead: "returning an action to the shell"),
        Rule(banned: "import Glibc", instead: "a parameter"),
        Rule(banned: "import Dispatch", instead: "returning an action to the shell"),
        Rule(banned: "ContinuousClock", instead: "taking `now` as a parameter"),
        Rule(banned: "SuspendingClock", instead: "taking `now` as a parameter"),
        Rule(banned: "Date()", instead: "taking `now` as a parameter"),
        Rule(banned: ".random(in:", instead: "`.random(in:using:)`"),
        Rule(banned: ".shuffled()", instead: "`.shuffled(using:)`"),
        Rule(banned: "randomElement()", instead: "`randomElement(using:)`"),
        Rule(banned: "SystemRandomNumberGenerator", instead: "SeededGenerator"),
        Rule(banned: "UUID()", instead: "taking the identifier as a parameter"),
        Rule(banned: "Task.sleep", instead: "a deadline for the shell"),
    ]

    static let everywhere: [Rule] = [
        Rule(banned: " Task {", instead: "a child task of a task group"),
        Rule(banned: "Task.detached", instead: "a child task of a task group"),
        Rule(
            banned: "@unchecked Sendable",
            instead: "Mutex, or the allow-list with the invariant in a comment",
            except: Self.uncheckedAllowed
        ),
        Rule(banned: "nonisolated(unsafe)", instead: "Mutex"),
        Rule(banned: "try!", instead: "handling the error"),
        Rule(banned: "as! ", instead: "`as?` and handling nil"),
        Rule(banned: ".unbounded", instead: "`.bufferingOldest(limit)`"),
        Rule(banned: "FIXME", instead: "fixing it before the commit"),
        Rule(banned: "TODO", instead: "doing it before the commit"),
        Rule(
            banned: "print(",
            instead: "the log, or Output in Main",
            except: ["Sources/swarmd/Main/", "Sources/swarmtop/Main/"]
        ),
    ]

    /// Files that state the invariant which makes their `@unchecked Sendable` true; the list may only shrink.
    static let uncheckedAllowed = [
        "Sources/swarmd/LinuxSystem/Readiness.swift", "Sources/swarmtop/Main/Inputs.swift",
    ]

    static func findings(
        path: String,
        text: String,
        longestFunction: Int = 60,
        longestFile: Int = 400
    ) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var findings = Self.bannedText(path: path, lines: lines)
        findings += Self.longFunctions(path: path, lines: lines, longest: longestFunction)
        if lines.count > longestFile {
            findings.append("\(path): \(lines.count) lines, one file holds one concept")
        }
        return findings + Self.undocumented(path: path, lines: lines)
    }

    private static func bannedText(path: String, lines: [Substring]) -> [String] {
        let rules = Self.everywhere + (Self.pure.contains { path.hasPrefix($0) } ? Self.purity : [])
        var findings: [String] = []
        for (index, line) in lines.enumerated() {
            if line.drop(while: { $0 == " " }).hasPrefix("//") { continue }
            for rule in rules where line.contains(rule.banned) {
                if rule.except.contains(where: path.hasPrefix) { continue }
                if rule.banned == ".random(in:", line.contains("using:") { continue }
                findings.append("\(path):\(index + 1): '\(rule.banned)' is banned, use \(rule.instead)")
            }
        }
        return findings
    }

    private static func longFunctions(path: String, lines: [Substring], longest: Int) -> [String] {
        var findings: [String] = []
        var function: (start: Int, indent: Int)?
        for (index, line) in lines.enumerated() {
            let indent = line.prefix { $0 == " " }.count
            let bare = line.dropFirst(indent)
            if bare.hasPrefix("//") { continue }
            if let open = function, bare.hasPrefix("}"), indent == open.indent {
                let length = index - open.start + 1
                if length > longest {
                    findings.append("\(path):\(open.start + 1): a function of \(length) lines, split it")
                }
                function = nil
            } else if function == nil,
                line.contains("func ") || bare.hasPrefix("init") || bare.contains(" init("),
                line.hasSuffix("{") || line.hasSuffix("(")
            {
                function = (index, indent)
            }
        }
        return findings
    }

    /// Every declaration that another module uses says what a caller may rely on.
    ///
    /// Initialisers that only store, and members that a protocol documents, may stay silent.
    private static func undocumented(path: String, lines: [Substring]) -> [String] {
        guard path.hasPrefix("Sources/") else { return [] }
        var findings: [String] = []
        for (index, line) in lines.enumerated() {
            let bare = line.drop { $0 == " " }
            let kinds = [
                "package struct ", "package enum ", "package final class ", "package actor ",
                "package protocol ",
            ]
            guard kinds.contains(where: bare.hasPrefix) else { continue }
            var above = index - 1
            while above >= 0, lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
            if above >= 0, lines[above].drop(while: { $0 == " " }).hasPrefix("///") { continue }
            findings.append("\(path):\(index + 1): no doc comment on '\(bare.prefix(60))'")
        }
        return findings
    }
}
