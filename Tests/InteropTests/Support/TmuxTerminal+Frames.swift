import Foundation
import Testing

extension TmuxTerminal {
    /// Waits until all of `texts` stand on the screen, which is what `docs/console` shows as the frame `name`.
    ///
    /// With UPDATE_GOLDEN=1 the frame is written; without, all of `texts` have to stand in it.
    func tell(_ name: String, _ texts: String..., within seconds: Int = 15) async throws {
        let screen = try await self.screen(with: texts, within: seconds)
        let file = StoryFrame.file(name)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try StoryFrame.text(of: screen).write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOf: file, encoding: .utf8)
        for text in texts {
            #expect(kept.contains(text), "docs/console/\(name).txt has to tell of '\(text)'")
        }
    }
}
