import Foundation
import Testing

/// Keeps `docs/parity.md` true.
@Suite struct ParityTests {
    /// A row of the page: what it names as its proof, as `FILE: NAME`.
    private struct Row {
        let id: String
        let proofs: [String]
    }

    private static func rows() throws -> [Row] {
        try Project.text("docs/parity.md").split(separator: "\n").compactMap { line in
            guard let match = line.firstMatch(of: #/^\| ([A-Z]+[0-9]?-\d{2}) \| .* \| (.*) \|$/#) else {
                return nil
            }
            let proofs = String(match.output.2).components(separatedBy: "<br>")
            return Row(id: String(match.output.1), proofs: proofs.filter { $0.contains(#/^\w+Tests: /#) })
        }
    }

    /// Every test of ours, as `FILE: NAME`.
    private static func tests() throws -> Set<String> {
        var found: Set<String> = []
        for path in Project.sources(below: "Tests") {
            let file = URL(filePath: path).deletingPathExtension().lastPathComponent
            let text = try Project.text(path)
            for match in text.matches(of: #/@Test\(\s*"([^"]+)"|func `([^`]+)`/#) {
                found.insert("\(file): \(match.output.1 ?? match.output.2 ?? "")")
            }
        }
        return found
    }

    @Test func `every test that the page names is there`() throws {
        let tests = try Self.tests()
        let rows = try Self.rows()
        #expect(rows.count > 130)
        #expect(Set(rows.map(\.id)).count == rows.count, "no row stands there twice")
        let missing = rows.flatMap(\.proofs).filter { !tests.contains($0) }
        #expect(missing.isEmpty, "\(missing.joined(separator: "\n"))")
    }

    @Test func `every test that bears a row of the page stands there`() throws {
        let rows = Dictionary(uniqueKeysWithValues: try Self.rows().map { ($0.id, $0.proofs) })
        var missing: [String] = []
        for test in try Self.tests() {
            let head = test.components(separatedBy: ": ").dropFirst().first ?? ""
            for id in head.matches(of: #/\b[A-Z]+[0-9]?-\d{2}\b/#).map({ String($0.output) }) {
                if let proofs = rows[id], !proofs.contains(test) { missing.append("\(id): \(test)") }
            }
        }
        #expect(missing.isEmpty, "\(missing.sorted().joined(separator: "\n"))")
    }
}
