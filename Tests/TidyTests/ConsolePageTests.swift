import Foundation
import Testing

/// Keeps `docs/console.md`, the screens in `docs/console` and the tests that take them together.
///
/// With UPDATE_GOLDEN=1 the page gets the screens as they are kept.
@Suite struct ConsolePageTests {
    private static let page = "docs/console.md"

    /// A link to a screen, with that screen below it.
    private static var block: Regex<(Substring, Substring, Substring)> {
        #/\[[^\]]*\]\(console\/([a-z-]+)\.txt\)[^\n]*\n\n```text\n([^`]*)```\n/#
    }

    /// The screens that are kept.
    private static func kept() throws -> Set<String> {
        let folder = Project.root.appending(path: "docs/console").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        return Set(files.map { $0.hasSuffix(".txt") ? String($0.dropLast(4)) : $0 })
    }

    @Test func `every screen on the page is the one that is kept, and none is missing`() throws {
        var text = try Project.text(Self.page)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            text = try text.replacing(Self.block) { match in
                let screen = try Project.text("docs/console/\(match.output.1).txt")
                return match.output.0.replacing(
                    "```text\n\(match.output.2)```",
                    with: "```text\n\(screen)```"
                )
            }
            try text.write(to: Project.root.appending(path: Self.page), atomically: true, encoding: .utf8)
        }
        var shown: Set<String> = []
        for match in text.matches(of: Self.block) {
            let name = String(match.output.1)
            shown.insert(name)
            #expect(try Project.text("docs/console/\(name).txt") == String(match.output.2), "\(name)")
        }
        #expect(try Self.kept() == shown)
    }

    @Test func `every screen is taken by a test`() throws {
        var taken: Set<String> = []
        for path in Project.sources(below: "Tests/InteropTests") {
            let told = try Project.text(path).matches(of: #/\.tell\(\s*"([a-z-]+)"/#)
            taken.formUnion(told.map { String($0.output.1) })
        }
        #expect(try Self.kept() == taken)
    }

    @Test func `every story shows a screen`() throws {
        let stories = try Project.text(Self.page).components(separatedBy: "\n## ").dropFirst()
            .filter { $0.first?.isNumber == true }
        #expect(stories.count == 8)
        for story in stories { #expect(story.contains("(console/"), "\(story.prefix(40))") }
    }

    @Test func `a screen fits a terminal of 80 columns and 24 rows`() throws {
        for name in try Self.kept() {
            let lines = try Project.text("docs/console/\(name).txt").split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
            #expect(lines.count <= 25 && lines.allSatisfy { $0.count <= 80 }, "\(name)")
        }
    }
}
