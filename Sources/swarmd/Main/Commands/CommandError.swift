/// A failure of a command, in one line for standard error.
struct CommandError: Error, Equatable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }

    /// A flag's value that cannot be read.
    static func flag(_ flag: String, _ value: String, _ problem: String) -> Self {
        Self("invalid value \"\(value)\" for \(flag): \(problem)")
    }
}

/// The failures of a command's operands were told already; only the exit code is left.
struct ReportedFailure: Error {}
