import Foundation
import Testing

/// Keeps `Sources/README.md` and `Package.swift` telling the same story.
@Suite struct MapTests {
    /// The modules that the map's table names in its first column.
    private static func mapped() throws -> Set<String> {
        let rows = try Project.text("Sources/README.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        return Set(rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) })
    }

    /// The modules of the package, tests aside.
    private static func declared() throws -> Set<String> {
        let text = try Project.text("Package.swift")
        let patterns = [
            #/module\(\s*"(\w+)"/#, #/\.target\(\s*name: "(\w+)"/#, #/\.executableTarget\(\s*name: "(\w+)"/#,
            #/\.systemLibrary\(name: "(\w+)"/#,
        ]
        let names = Set(patterns.flatMap { text.matches(of: $0).map { String($0.output.1) } })
        // Not modules of the sources: what is measured with, and what tests share.
        let shared = [
            "ReconcilerTesting", "ServerTesting", "TerminalTesting", "ClusterSimulation", "GroupSimulation",
            "Linearizability",
            "BenchSupport", "EtcdAPI", "NetworkLab", "FailoverLab",
        ]
        return names.subtracting(shared).filter { !$0.contains("-") }
    }

    @Test func `the map names every module, and no other`() throws {
        #expect(try Self.mapped() == Self.declared())
    }

    @Test func `every file of the journey exists`() throws {
        let text = try Project.text("Sources/README.md")
        let paths = text.matches(of: #/`((?:Shared|swarmd|swarmtop)/[\w/+]+\.swift)`/#).map {
            String($0.output.1)
        }
        #expect(paths.count > 10)
        for path in paths {
            let file = Project.root.appending(path: "Sources/\(path)").path
            #expect(FileManager.default.fileExists(atPath: file), "\(path)")
        }
    }

    @Test func `links in the documents lead somewhere`() throws {
        for page in ["README.md", "CONTRIBUTING.md", "Sources/README.md", "docs/console.md"] {
            let folder = Project.root.appending(path: page).deletingLastPathComponent()
            for link in try Project.text(page).matches(of: #/\]\(([^)#:]+)(?:#[^)]*)?\)/#) {
                let target = folder.appending(path: String(link.output.1)).path
                #expect(FileManager.default.fileExists(atPath: target), "\(page): \(link.output.1)")
            }
        }
    }
}
