package import SwarmAPI

/// How much of a task's output is kept.
package struct LogLimits: Sendable, Equatable {
    /// A file that reached this many bytes is followed by a new one.
    package var fileBytes: Int64
    /// The number of files kept; with zero no output is kept at all.
    package var files: Int

    /// What a task gets that does not say: 30 MB in all, so that a talkative task cannot fill the disk.
    package static let standard = LogLimits(fileBytes: 10_000_000, files: 3)
    /// The bounds of what a spec may ask for: a file holds at least a few lines, and a task at most 1,000 files.
    private static let fileBytesRange: ClosedRange<Int64> = 4_096...1 << 40
    private static let filesRange = 1...1_000

    package init(fileBytes: Int64, files: Int) {
        self.fileBytes = fileBytes
        self.files = files
    }

    /// The limits of a task: its spec's log driver, else the one that its cluster gave it.
    package init(_ task: SwarmTask) throws {
        let driver = task.spec.hasLogDriver ? task.spec.logDriver : task.logDriver
        self = .standard
        switch driver.name {
        case "", "json-file", "local": break
        case "none": self.files = 0
        default:
            throw PlanError(
                "log_driver.name",
                "\"\(driver.name)\" is not available: json-file, local or none"
            )
        }
        for (key, value) in driver.options.sorted(by: { $0.key < $1.key }) {
            try self.take(option: key, value)
        }
    }

    private mutating func take(option key: String, _ value: String) throws {
        let field = "log_driver.options[\(key)]"
        switch key {
        case "max-size":
            guard let bytes = Self.bytes(value), Self.fileBytesRange.contains(bytes) else {
                throw PlanError(field, "\"\(value)\" is not a size from 4k to 1024g, such as 10m")
            }
            self.fileBytes = bytes
        case "max-file":
            guard let files = Int(value), Self.filesRange.contains(files) else {
                throw PlanError(field, "\"\(value)\" is not a number from 1 to 1000")
            }
            if self.files > 0 { self.files = files }
        default: throw PlanError(field, "this option is not known: max-size and max-file are")
        }
    }

    /// Reads docker's sizes: "512", "100k", "10m", "10MB", "1g"; k is 1024.
    static func bytes(_ text: String) -> Int64? {
        var text = Substring(text.lowercased())
        if text.hasSuffix("b") { text.removeLast() }
        let shifts: [Character: Int64] = ["k": 10, "m": 20, "g": 30]
        var shift: Int64 = 0
        if let unit = text.last, let found = shifts[unit] {
            shift = found
            text.removeLast()
        }
        guard let number = Int64(text), number >= 0, number <= Int64.max >> shift else { return nil }
        return number << shift
    }
}
