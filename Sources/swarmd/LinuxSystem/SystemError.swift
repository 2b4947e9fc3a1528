import Glibc

/// A system call that failed: what was tried, on what, and the kernel's reason.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The call or step: "open", "fork".
    package var operation: String
    /// What it was tried on, if there is such a thing.
    package var path: String?
    /// The error number.
    package var code: Int32

    package init(operation: String, path: String? = nil, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The failure that the calling thread's `errno` tells of.
    package static func last(_ operation: String, _ path: String? = nil) -> Self {
        Self(operation: operation, path: path, code: errno)
    }

    /// Whether the file or process was not there.
    package var isMissing: Bool { self.code == ENOENT || self.code == ESRCH }

    package var description: String {
        let subject = self.path.map { " \($0)" } ?? ""
        return "\(self.operation)\(subject): \(Self.text(of: self.code))"
    }

    /// The C library's text for an error number.
    package static func text(of code: Int32) -> String {
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }
}
