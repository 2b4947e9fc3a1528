import ControlClient
import SwarmAPI

/// Tells whoever waits for a join what it waits for: at once when that changes, else now and then.
struct JoinProgress {
    /// How often the daemon is asked.
    static let period = Duration.seconds(1)
    /// After how many looks the same news is told again.
    static let patience = 10

    private var told = ""
    private var looks = 0

    /// The line to print now that the daemon says `progress`; nil where there is nothing new.
    mutating func take(_ progress: String) -> String? {
        // The time that is left is always another.
        let news = progress.split(separator: ";").first.map(String.init) ?? ""
        self.looks += 1
        guard !news.isEmpty, news != self.told || self.looks >= Self.patience else { return nil }
        (self.told, self.looks) = (news, 0)
        return progress
    }

    /// Tells on standard error until it is cancelled, or the daemon does not answer.
    static func follow(_ client: ControlClient) async {
        var progress = JoinProgress()
        while (try? await ContinuousClock().sleep(for: Self.period)) != nil,
            let state = try? await client.nodeState()
        {
            if let line = progress.take(state.progress) { Terminal.error(TextTable.plain(line)) }
        }
    }
}
