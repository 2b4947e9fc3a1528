import LinuxSystem
import NodePlan

/// What a supervisor tells the one who started it, over descriptor 3, before it closes that.
enum StartReport: Equatable {
    case running(pid: Int32)
    /// Somebody else has started the task.
    case taken
    case failed(code: Int32, cause: String)

    static let descriptor: Int32 = 3

    func encoded() -> [UInt8] {
        var text = FieldText()
        switch self {
        case .running(let pid):
            text.add("state", "running")
            text.add("pid", pid)
        case .taken: text.add("state", "taken")
        case .failed(let code, let cause):
            text.add("state", "failed")
            text.add("code", code)
            text.add("cause", cause)
        }
        return text.encoded()
    }

    /// Nil: the supervisor ended without a word.
    init?(decoding bytes: [UInt8]) {
        let text = FieldText(decoding: bytes)
        switch text.last("state") {
        case "running": self = .running(pid: text.number("pid") ?? 0)
        case "taken": self = .taken
        case "failed": self = .failed(code: text.number("code") ?? 1, cause: text.last("cause") ?? "")
        default: return nil
        }
    }
}
