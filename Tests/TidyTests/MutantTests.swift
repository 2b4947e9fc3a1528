import Foundation
import Testing

/// Keeps the planted bugs of `make mutants` up with the code: one that fits nowhere would prove nothing.
@Suite struct MutantTests {
    private static let patches = Project.files(below: "Tests/Mutants", suffix: ".patch")

    @Test func `there are enough of them`() { #expect(Self.patches.count >= 12) }

    @Test(arguments: Self.patches)
    func `a planted bug fits the code`(patch: String) throws {
        var (file, hunk): (String?, [Substring]) = (nil, [])
        var hunks = 0
        func check() throws {
            guard !hunk.isEmpty else { return }
            let text = try Project.text(try #require(file))
            #expect(text.contains(hunk.joined(separator: "\n") + "\n"), "\(patch): \(hunk[0])")
            hunks += 1
            hunk = []
        }
        for line in try Project.text(patch).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("--- a/") || line.hasPrefix("@@") { try check() }
            if line.hasPrefix("--- a/") {
                file = String(line.dropFirst(6))
            } else if file != nil, line.first == " " || line.first == "-" {
                hunk.append(line.dropFirst())
            }
        }
        try check()
        #expect(hunks > 0)
    }
}
