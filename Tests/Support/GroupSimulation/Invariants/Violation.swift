/// Something that must never happen, and did.
package struct Violation: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which of the rules was broken.
    package let rule: String
    /// How.
    package let detail: String

    /// `rule` was broken.
    package init(_ rule: String, _ detail: String) {
        self.rule = rule
        self.detail = detail
    }

    package var description: String { "\(self.rule): \(self.detail)" }
}
