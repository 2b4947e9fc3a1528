import Foundation
import Testing

/// The project's own files.
enum Project {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The Swift files below `folder` that people write, as paths from the root.
    static func sources(below folder: String) -> [String] {
        Self.files(below: folder, suffix: ".swift").filter { !$0.contains("Generated/") }
    }

    /// The files below `folder` whose names end so, as paths from the root.
    static func files(below folder: String, suffix: String) -> [String] {
        let walker = FileManager.default.enumerator(atPath: Self.root.appending(path: folder).path)
        var found: [String] = []
        while let relative = walker?.nextObject() as? String {
            if relative.hasSuffix(suffix) { found.append("\(folder)/\(relative)") }
        }
        return found.sorted()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }
}

@Suite struct TidyTests {
    @Test func `the sources are tidy`() throws {
        var findings: [String] = []
        for path in Project.sources(below: "Sources") {
            findings += Tidy.findings(path: path, text: try Project.text(path))
        }
        #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
    }

    @Test func `a clock in a pure folder is found`() {
        let found = Tidy.findings(
            path: "Sources/swarmd/StoreCore/X.swift",
            text: "let t = ContinuousClock.now\n"
        )
        let wanted = "'ContinuousClock' is banned, use taking `now` as a parameter"
        #expect(found == ["Sources/swarmd/StoreCore/X.swift:1: \(wanted)"])
    }

    @Test func `a clock in a shell is not found`() {
        #expect(
            Tidy.findings(path: "Sources/swarmd/Main/X.swift", text: "let t = ContinuousClock.now\n").isEmpty
        )
    }

    @Test func `a child task of a group is not an unstructured task`() {
        let text = "group.addTask { await work() }\n"
        #expect(Tidy.findings(path: "Sources/swarmd/Main/X.swift", text: text).isEmpty)
    }

    @Test func `a long function is found`() {
        let body = String(repeating: "    work()\n", count: 70)
        let found = Tidy.findings(path: "Sources/Y.swift", text: "func f() {\n" + body + "}\n")
        #expect(found == ["Sources/Y.swift:1: a function of 72 lines, split it"])
    }

    @Test func `a package type without a doc comment is found`() {
        let found = Tidy.findings(path: "Sources/Y.swift", text: "package struct Y {}\n")
        #expect(found == ["Sources/Y.swift:1: no doc comment on 'package struct Y {}'"])
    }
}
