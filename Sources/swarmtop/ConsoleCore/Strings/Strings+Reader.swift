/// What is said to those who hear the screen.
extension Strings {
    var replaying: String { self.text("Replaying a recording.", "正在回放录像。") }
    func readerConnecting(to socket: String) -> String {
        self.text("Connecting to \(socket).", "正在连接 \(socket)。")
    }
    var connected: String { self.text("Connected.", "已连接。") }
    func readerStale(_ reason: String) -> String {
        self.text(
            "Not connected: \(reason). What was said may be old.",
            "未连接: \(reason)。此前所述可能已过时。"
        )
    }
    func health(_ health: Health, failed: Int) -> String {
        let (level, leader) = (self.level(health.level), health.leader ?? self.none)
        return self.text(
            "\(level): \(health.reachable) of \(health.managers) managers, leader \(leader), "
                + "\(health.ready) of \(health.nodes) nodes, "
                + "\(health.running) of \(health.wanted) tasks run, \(failed) failed.",
            "\(level): 管理节点 \(health.reachable)/\(health.managers)，领导者 \(leader)，"
                + "节点 \(health.ready)/\(health.nodes)，"
                + "任务运行 \(health.running)/\(health.wanted)，失败 \(failed)。"
        )
    }
    func moreChanges(_ count: Int) -> String {
        self.text("And \(count) changes more.", "另有 \(count) 项更改。")
    }
    var readerAsking: String { self.text("Asking the manager.", "正在询问管理节点。") }
    func typeOrNo(_ name: String) -> String {
        self.text("Type \(name) to go on, or no.", "输入 \(name) 以继续，或输入 no。")
    }
    var answerScale: String {
        self.text("Type yes to scale, another number, or no.", "输入 yes 确认扩缩，或另一个数字，或 no。")
    }
    var answerAvailability: String {
        self.text(
            "Type yes, or activate, pause or drain, or no.",
            "输入 yes，或 activate、pause、drain，或 no。"
        )
    }
    var answer: String { self.text("Type yes or no.", "输入 yes 或 no。") }
    func noAnswer(_ line: String) -> String {
        self.text("\(line) is no answer: type yes or no", "\(line) 不是回答: 请输入 yes 或 no")
    }
    var readerGreeting: String {
        let commands = "nodes, services, tasks, events, scale NAME NUMBER, help, quit"
        return self.text(
            "swarmtop. Commands are lines: \(commands).",
            "swarmtop。每行一条命令: \(commands)。"
        )
    }
    var recordingEnds: String { self.text("The recording ends here.", "录像到此结束。") }
}

extension Model {
    /// What the console says first, and where a recording ends, to those who hear it.
    package var greeting: String { self.strings.readerGreeting }
    package var recordingEnd: String { self.strings.recordingEnds }
}
