/// What a template may take; a text that takes more is refused, and not expanded in part.
package enum TemplateLimits {
    /// The longest text that is read: a config's data is shorter.
    package static let sourceBytes = 1 << 20
    /// How many bytes an expansion, and the texts on the way to it, may have together.
    package static let outputBytes = 8 << 20
    /// How many bytes functions may be given to look at, all together.
    package static let inputBytes = 64 << 20
    /// How many commands and statements are carried out.
    package static let steps = 100_000
    /// How deep statements, parentheses and templates may stand in one another.
    package static let depth = 64
    /// How many variables there may be at one place.
    package static let variables = 256
}

/// What is left to spend on templates that belong together, as those of one spec do.
package struct TemplateBudget: Sendable, Equatable {
    private(set) var steps = TemplateLimits.steps
    private(set) var outputBytes = TemplateLimits.outputBytes
    private(set) var inputBytes = TemplateLimits.inputBytes

    package init() {}

    /// Takes steps away; throws where there are not that many.
    mutating func spend(steps: Int) throws(TemplateFault) {
        self.steps -= min(steps, self.steps + 1)
        if self.steps < 0 { throw TemplateFault("it takes more than \(TemplateLimits.steps) steps") }
    }

    /// Takes bytes that were made away; throws where there are not that many.
    mutating func spend(made bytes: Int) throws(TemplateFault) {
        self.outputBytes -= min(bytes, self.outputBytes + 1)
        if self.outputBytes < 0 {
            throw TemplateFault("it makes more than \(TemplateLimits.outputBytes) bytes")
        }
    }

    /// Takes bytes that are looked at away; throws where there are not that many.
    mutating func spend(seen bytes: Int) throws(TemplateFault) {
        self.inputBytes -= min(bytes, self.inputBytes + 1)
        if self.inputBytes < 0 {
            throw TemplateFault("its functions get more than \(TemplateLimits.inputBytes) bytes")
        }
    }
}
