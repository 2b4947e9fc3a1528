package import NIOCore

/// How long the caller of the call that is handled waits for its end.
package enum CallTimeout {
    /// When the caller gives up; nil where it set no limit.
    @TaskLocal package static var deadline: NIODeadline?

    /// What is left of the caller's time, at least a millisecond; nil where it set no limit.
    package static var rest: Duration? {
        guard let deadline = Self.deadline else { return nil }
        return .nanoseconds(max(1_000_000, (deadline - .now()).nanoseconds))
    }
}
