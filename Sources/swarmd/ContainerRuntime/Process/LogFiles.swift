import LinuxSystem

/// The names of a task's output files: numbered, the highest being written.
///
/// A file is never renamed, so that a reader keeps its place while the writer moves on.
enum LogFiles {
    static func path(in directory: String, number: Int) -> String {
        let digits = String(number)
        return
            "\(directory)/output.\(String(repeating: "0", count: max(0, 6 - digits.utf8.count)))\(digits).log"
    }

    /// The numbers of the files that are there, ascending.
    static func numbers(in directory: String) -> [Int] {
        let names = (try? Files.names(in: directory)) ?? []
        return names.compactMap { name in
            guard name.hasPrefix("output."), name.hasSuffix(".log") else { return nil }
            return Int(name.dropFirst("output.".count).dropLast(".log".count))
        }
        .sorted()
    }
}
