import ArgumentParser
import ControlClient
import SwarmAPI

/// Whether a command only says what it would do.
struct DryRunFlags: ParsableArguments {
    /// How the preview is printed.
    enum Form: Sendable { case text, json }

    @Flag(help: "Say where tasks would go and which would stay PENDING, and why; change nothing.")
    var dryRun = false
    @Option(help: "With --dry-run: output as `text` or `json`.") var format: String?

    /// The form of the preview; nil where the change is to be made.
    func form() throws(CommandError) -> Form? {
        guard self.dryRun else {
            if self.format != nil { throw CommandError("--format needs --dry-run") }
            return nil
        }
        return try Units.choice(
            self.format ?? "text",
            flag: "--format",
            among: [("text", .text), ("json", .json)]
        )
    }

    /// Has the daemon compute what `request` would do, and prints it.
    static func show(_ request: SwarmdPreviewRequest, _ form: Form, _ client: ControlClient) async throws {
        guard let preview = try await client.preview(request) else {
            throw ControlError(.unsupported, "this daemon computes no previews: nothing was changed")
        }
        let text = PreviewText(preview)
        switch form {
        case .text: for line in text.lines { try Terminal.out(line) }
        case .json: try Terminal.out(text.json.line)
        }
    }
}
