import Execution
import Primitives
import SwarmAPI
import SwiftProtobuf

/// Replays a transcript against a task machine.
///
/// Lines without indent are facts, the indented ones below are the actions that they brought. `replay` returns
/// the transcript as it really went, so that a test compares two texts and a reader sees the difference.
struct MachineTranscript {
    private var machine: TaskMachine
    private var now = Timestamp(seconds: 1000)

    /// A machine for a task of `state` that is wanted in state `desired`.
    init(state: SwarmTaskState = .assigned, desired: SwarmTaskState = .running) {
        let task = Self.task(desired)
        self.machine = TaskMachine(task: task, status: .with { $0.state = state })
    }

    /// Replays the facts of `text`.
    mutating func replay(_ text: String) -> String {
        var lines: [String] = []
        for line in text.split(separator: "\n") where !line.hasPrefix(" ") {
            lines.append(String(line))
            lines += self.step(line.split(separator: " ").map(String.init)).map { "  " + Self.text(of: $0) }
        }
        return lines.joined(separator: "\n")
    }

    private static func task(_ desired: SwarmTaskState) -> SwarmTask {
        .with {
            $0.id = "t1"
            $0.desiredState = desired
        }
    }

    private mutating func step(_ words: [String]) -> [TaskAction] {
        switch words[0] {
        case "begin": return self.machine.begin(now: self.now)
        case "wanted":
            let desired = SwarmTaskState.allCases.first { "\($0)" == words[1] } ?? .new
            return self.machine.handle(.updated(Self.task(desired)), now: self.now)
        case "withdrawn": return self.machine.handle(.withdrawn, now: self.now)
        case "timer":
            self.now = self.now + .milliseconds(Int(words[1]) ?? 0)
            return self.machine.handle(.timer, now: self.now)
        case "done":
            return self.machine.handle(
                .succeeded(Self.call(words[1]), container: Self.container(words)),
                now: self.now
            )
        case "failed":
            let failure = Self.failure(words[2], words.dropFirst(3).joined(separator: " "))
            return self.machine.handle(.failed(Self.call(words[1]), failure, container: nil), now: self.now)
        default: preconditionFailure("no such fact: \(words)")
        }
    }

    private static func call(_ word: String) -> TaskCall {
        guard let call = TaskCall(rawValue: word) else { preconditionFailure("no such call: \(word)") }
        return call
    }

    private static func container(_ words: [String]) -> SwarmContainerStatus? {
        guard words.count > 3, words[2] == "pid" else { return nil }
        return .with { $0.pid = Int32(words[3]) ?? 0 }
    }

    private static func failure(_ kind: String, _ text: String) -> CallFailure {
        switch kind {
        case "started": .started
        case "rejected": .rejected(text)
        case "temporary": .temporary(text)
        case "exit": CallFailure(ExitError(code: Int32(text) ?? 0))
        case "cancelled": CallFailure(CancellationError())
        default: .fatal(text)
        }
    }

    private static func text(of action: TaskAction) -> String {
        switch action {
        case .call(let call): "call \(call)"
        case .cancel(let call): "cancel \(call)"
        case .retry(let delay): "retry after \(delay)"
        case .forget: "forget"
        case .report(let status):
            "report \(status.state) \"\(status.message)\""
                + (status.err.isEmpty ? "" : " error \"\(status.err)\"")
                + (status.container.pid == 0 ? "" : " pid \(status.container.pid)")
                + (status.container.exitCode == 0 ? "" : " exit \(status.container.exitCode)")
        }
    }
}
