/// Where a template is wrong, and how.
package struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A place in a template's text, counted from one; columns are bytes.
    package struct Place: Sendable, Equatable {
        package var line: Int
        package var column: Int

        static let start = Place(line: 1, column: 1)

        /// The place of the byte at `offset` of `source`.
        init(of offset: Int, in source: [UInt8]) {
            let before = source[..<min(offset, source.count)]
            self.line = 1 + before.count { $0 == 0x0a }
            self.column = before.count - (before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0) + 1
        }

        private init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    package var place: Place
    package var message: String

    init(_ message: String, at place: Place) {
        self.message = message
        self.place = place
    }

    init(_ message: String, at offset: Int, in source: [UInt8]) {
        self.init(message, at: Place(of: offset, in: source))
    }

    package var description: String {
        "template: line \(self.place.line), column \(self.place.column): \(self.message)"
    }
}

/// Why a function of a template failed; the template knows where it stands.
package struct TemplateFault: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
