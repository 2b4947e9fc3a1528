/// The names of a simulated disk's files, as processes see them and as they lie on the medium.
struct DiskNames: Sendable {
    private enum Change: Sendable {
        case link(String, Int)
        case unlink(String)
        case rename(String, to: String, Int)
        case directory(String)

        /// The directory whose sync makes it durable.
        var directory: String {
            switch self {
            case .link(let path, _), .unlink(let path), .rename(_, let path, _), .directory(let path):
                DiskNames.parent(of: path)
            }
        }
    }

    private struct Table: Sendable {
        var files: [String: Int] = [:]
        var directories: Set<String> = []

        mutating func apply(_ change: Change) {
            switch change {
            case .link(let path, let file): self.files[path] = file
            case .unlink(let path): self.files[path] = nil
            case .rename(let path, let target, let file):
                self.files[path] = nil
                self.files[target] = file
            case .directory(let path): self.directories.insert(path)
            }
        }
    }

    private var seen: Table
    private var medium: Table
    /// The changes that no sync of a directory made durable, oldest first.
    private var open: [Change] = []

    /// The names below `root`, which is there.
    init(root: String) {
        self.seen = Table(directories: [root])
        self.medium = self.seen
    }

    /// The files that some name leads to, or may lead to again.
    var files: Set<Int> { Set(self.seen.files.values).union(self.medium.files.values) }

    /// The file at `path`.
    func file(_ path: String) -> Int? { self.seen.files[path] }

    /// Whether `path` is a directory.
    func isDirectory(_ path: String) -> Bool { self.seen.directories.contains(path) }

    /// The names in a directory, sorted.
    func names(in directory: String) -> [String] {
        let prefix = directory + "/"
        let paths = self.seen.files.keys.filter { $0.hasPrefix(prefix) }
        return paths.map { String($0.dropFirst(prefix.count)) }.filter { !$0.contains("/") }.sorted()
    }

    /// Gives a file a name.
    mutating func link(_ path: String, to file: Int) { self.change(.link(path, file)) }

    /// Takes a name away.
    mutating func unlink(_ path: String) { self.change(.unlink(path)) }

    /// Gives a file another name in the same directory, in place of the file that has it.
    mutating func rename(_ path: String, to target: String) {
        precondition(Self.parent(of: path) == Self.parent(of: target), "\(path) moves to \(target)")
        guard let file = self.seen.files[path] else { return }
        self.change(.rename(path, to: target, file))
    }

    /// Makes a directory.
    mutating func makeDirectory(_ path: String) {
        if !self.isDirectory(path) { self.change(.directory(path)) }
    }

    /// Makes the names in a directory durable.
    mutating func sync(_ directory: String) {
        for change in self.open where change.directory == directory { self.medium.apply(change) }
        self.open.removeAll { $0.directory == directory }
    }

    /// What a loss of power does: in each directory, the changes from some moment on did not happen.
    mutating func losePower(_ chance: inout Chance) {
        var directories: [String] = []
        for change in self.open where !directories.contains(change.directory) {
            directories.append(change.directory)
        }
        for directory in directories {
            let changes = self.open.filter { $0.directory == directory }
            let kept = chance.happens(0.4) ? 0 : chance.number(in: 0...changes.count)
            for change in changes.prefix(kept) { self.medium.apply(change) }
        }
        self.open = []
        // What is in a directory that never came to be is gone with it.
        let known = self.medium.directories
        self.medium.files = self.medium.files.filter { known.contains(Self.parent(of: $0.key)) }
        self.seen = self.medium
    }

    private mutating func change(_ change: Change) {
        self.seen.apply(change)
        self.open.append(change)
    }

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
