import ControlClient

/// The flags behind the names that fields have on the wire: a refusal speaks of what was typed.
enum FieldNames {
    private static let flags: [(field: String, flag: String)] = [
        ("external_cas.ca_cert", "--external-ca"), ("external_cas.url", "--external-ca"),
        ("external_cas.protocol", "--external-ca"), ("external_cas", "--external-ca"),
        ("signing_ca_cert", "--ca-cert"), ("signing_ca_key", "--ca-key"), ("force_rotate", "--rotate"),
        ("ca_cert", "--ca-cert"), ("ca_key", "--ca-key"), ("node_cert_expiry", "--cert-expiry"),
        ("task_history_retention_limit", "--task-history-limit"), ("join token", "--token"),
        ("dispatcher.heartbeat_period", "--dispatcher-heartbeat"), ("desired_role", "--role"),
        ("availability", "--availability"), ("driver", "--driver"), ("templating", "--template-driver"),
        ("managers", "the manager's address"), ("unlock_key", "the unlock key"),
    ]

    /// `text` with the flag in the place of the field that it begins with; others stay.
    static func translated(_ text: String) -> String {
        let match = Self.flags.first { text.hasPrefix("\($0.field): ") }
        guard let match else { return text }
        return match.flag + text.dropFirst(match.field.count)
    }
}

extension SocketOption {
    /// Connects, and runs `body` with the client; refusals name flags and not fields.
    func connectNamingFlags<Result: Sendable>(
        _ body: @Sendable @escaping (ControlClient) async throws -> Result
    ) async throws -> Result {
        do {
            return try await self.connect(body)
        } catch var error as ControlError {
            error.description = FieldNames.translated(error.description)
            throw error
        }
    }
}
