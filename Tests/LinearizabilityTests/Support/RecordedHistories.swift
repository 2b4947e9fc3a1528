import Foundation

/// The histories of others that are kept beside the repository, with their verdicts.
enum RecordedHistories {
    /// A recorded history.
    struct Recording: Sendable, CustomStringConvertible {
        /// The file below the folder.
        let path: String
        /// Whether it is known to be linearizable.
        let isLinearizable: Bool

        var description: String { self.path }
    }

    /// `shared/histories` in the nearest folder above that has it.
    static var folder: URL? {
        var folder = URL(filePath: #filePath)
        while folder.pathComponents.count > 1 {
            folder.deleteLastPathComponent()
            let wanted = folder.appending(path: "shared/histories")
            if FileManager.default.fileExists(atPath: wanted.path) { return wanted }
        }
        return nil
    }

    /// The files below `subfolder` whose verdict is in `expected.txt` or, as `-ok` or `-bad`, in their name.
    static func all(in subfolder: String) throws -> [Recording] {
        let names = try self.folder.map {
            try FileManager.default.contentsOfDirectory(atPath: $0.appending(path: subfolder).path)
        }
        var verdicts: [String: Bool] = [:]
        for line in try self.text("expected.txt").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 { verdicts[String(words[0])] = words[1] == "true" }
        }
        return (names ?? []).sorted().compactMap { name in
            let stem = name.prefix { $0 != "." }
            let named = stem.hasSuffix("-ok") ? true : stem.hasSuffix("-bad") ? false : nil
            return (verdicts[name] ?? named).map {
                Recording(path: "\(subfolder)/\(name)", isLinearizable: $0)
            }
        }
    }

    /// What a file of the folder says.
    static func text(_ path: String) throws -> String {
        guard let folder else { return "" }
        return try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
}
