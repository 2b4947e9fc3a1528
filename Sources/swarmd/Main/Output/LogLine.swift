import Primitives
import SwarmAPI
import SwiftProtobuf

/// One log message as `docker service logs` prints it: `web.1.0123456789ab@host    | text`.
struct LogLine {
    enum TaskIDs { case none, short, whole }

    var timestamps: Bool
    var raw: Bool
    var taskIDs = TaskIDs.short
    /// The digits of the highest slot, to which the others are padded.
    var slotWidth = 1

    /// The line's bytes, with one line break at its end.
    ///
    /// The text itself is a program's output: it stays as it is.
    func bytes(_ message: SwarmLogMessage, task: SwarmTask?, hostname: String) -> [UInt8] {
        var prefix = ""
        if self.timestamps { prefix += TimeText.rfc3339(Timestamp(message.timestamp)) + " " }
        if !self.raw { prefix += self.origin(message, task, hostname) + "    | " }
        var bytes = Array(TextTable.plain(prefix).utf8) + message.data
        if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        return bytes
    }

    private func origin(_ message: SwarmLogMessage, _ task: SwarmTask?, _ hostname: String) -> String {
        let id = message.context.taskID
        var name = task.map(Words.taskName) ?? Words.short(id)
        if task != nil {
            switch self.taskIDs {
            case .none: break
            case .short: name += "." + Words.short(id)
            case .whole: name += "." + id
            }
        }
        let digits = task.map { "\($0.slot)".count } ?? self.slotWidth
        return "\(name)@\(hostname)" + String(repeating: " ", count: max(0, self.slotWidth - digits))
    }
}
