import Foundation

/// Seeds that nobody has tried: they change with each commit, or with the day where there is no history.
enum FreshSeeds {
    /// The first of them.
    static let first: UInt64 = {
        let text = Self.head ?? "\(Int(Date().timeIntervalSince1970) / 86_400)"
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
        }
        let first = hash % 1_000_000 * 1_000
        FileHandle.standardError.write(Data("simulations: fresh seeds from \(first) on\n".utf8))
        return first
    }()

    /// The commit that is checked out, read from the files of git.
    private static var head: String? {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        guard let git = Self.gitDirectory(root), let head = Self.line(git.appending(path: "HEAD")) else {
            return nil
        }
        guard head.hasPrefix("ref: ") else { return head }
        let name = String(head.dropFirst(5))
        let common = Self.line(git.appending(path: "commondir")).map { git.appending(path: $0) } ?? git
        if let commit = Self.line(common.appending(path: name)) { return commit }
        let packed = (try? String(contentsOf: common.appending(path: "packed-refs"), encoding: .utf8)) ?? ""
        return packed.split(separator: "\n").first { $0.hasSuffix(" " + name) }.map(String.init)
    }

    /// The folder of a checkout, or of a work tree, which only names it.
    private static func gitDirectory(_ root: URL) -> URL? {
        let git = root.appending(path: ".git")
        guard let line = Self.line(git), line.hasPrefix("gitdir: ") else { return git }
        return URL(filePath: String(line.dropFirst(8)), relativeTo: root)
    }

    private static func line(_ file: URL) -> String? {
        let text = try? String(contentsOf: file, encoding: .utf8)
        return text?.split(separator: "\n").first.map(String.init)
    }
}
