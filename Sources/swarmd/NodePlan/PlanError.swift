/// A task that cannot be run as its spec asks: which field, and why.
package struct PlanError: Error, Equatable, CustomStringConvertible {
    /// The field's path in the task's spec: "container.stop_signal".
    package var field: String
    package var reason: String

    package init(_ field: String, _ reason: String) {
        self.field = field
        self.reason = reason
    }

    package var description: String { "\(self.field): \(self.reason)" }
}
