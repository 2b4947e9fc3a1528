import GRPCCore

/// What a manager answers who waits for a certificate that is not signed yet: to SwarmKit's nodes a call that took too
/// long, which they make again, and to ours also what it waits for.
package enum IssuancePending {
    private static let opening = "the certificate is not issued yet"
    private static let standard = "ask again"

    /// The answer; `reason` is empty where nothing is known to stand in the way.
    package static func error(_ reason: String) -> RPCError {
        let reason = reason.isEmpty ? Self.standard : reason
        return RPCError(code: .deadlineExceeded, message: "\(Self.opening): \(reason)")
    }

    /// The reason in `error`, empty where it gives none; nil where it is another error.
    package static func reason(in error: RPCError) -> String? {
        let head = "\(Self.opening): "
        guard error.code == .deadlineExceeded, error.message.hasPrefix(head) else { return nil }
        let reason = String(error.message.dropFirst(head.count))
        return reason == Self.standard ? "" : reason
    }
}
