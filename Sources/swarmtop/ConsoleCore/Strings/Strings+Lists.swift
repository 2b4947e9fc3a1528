/// The lists: what stands in place of rows, and how they are arranged.
extension Strings {
    func connecting(to socket: String) -> String {
        self.text("connecting to \(socket) ...", "正在连接 \(socket) ...")
    }
    var nothingMatches: String {
        self.text("nothing matches; Esc takes the filter away", "没有匹配项；按 Esc 清除过滤")
    }

    var sortBy: String { self.text("Sort by", "排序依据") }
    var columns: String { self.text("Columns", "列") }
    func sorted(isReversed: Bool) -> String {
        isReversed ? self.text("(sorted, downwards)", "(降序)") : self.text("(sorted)", "(升序)")
    }
    var alwaysShown: String { self.text("(always shown)", "(始终显示)") }
    var sortHint: String { self.text("Enter: sort or reverse", "Enter: 排序或反转") }
    var columnsHint: String { self.text("Space: show or hide", "Space: 显示或隐藏") }
    var asItWas: String { self.text("0: as it was", "0: 恢复默认") }
    var escCloses: String { self.text("Esc: close", "Esc: 关闭") }
}

/// What is told of the selected row, and what the rows hold that is the console's own word.
extension Strings {
    var gone: String { self.text("gone", "已删除") }
    func taskCount(_ live: Int, _ summary: String) -> String {
        self.text("\(self.tasks(live)) (\(summary))", "\(self.tasks(live)) (\(summary))")
    }
    func becomes(manager: Bool) -> String {
        manager
            ? self.text("becomes a manager", "将成为管理节点") : self.text("becomes a worker", "将成为工作节点")
    }
    func engine(_ version: String) -> String { self.text("engine \(version)", "引擎 \(version)") }
    func session(_ age: String) -> String { self.text("session \(age)", "会话 \(age)") }
    func labels(_ labels: String) -> String { self.text("labels \(labels)", "标签 \(labels)") }
    func certificateEnds(_ time: String) -> String {
        self.text(
            "certificate ends in \(time): see \(self.view(.certificates))",
            "证书将在 \(time) 后到期: 见 \(self.view(.certificates))"
        )
    }

    var updating: String { self.text("updating", "更新中") }
    var paused: String { self.text("PAUSED", "已暂停") }
    var updated: String { self.text("done", "完成") }
    var rollingBack: String { self.text("rolling back", "回滚中") }
    var rollBackPaused: String { self.text("ROLLB PAUSED", "回滚暂停") }
    var rolledBack: String { self.text("rolled back", "已回滚") }
    func update(_ message: String) -> String { self.text("update: \(message)", "更新: \(message)") }
    func ports(_ ports: String) -> String { self.text("ports \(ports)", "端口 \(ports)") }
    func image(_ image: String) -> String { self.text("image \(image)", "镜像 \(image)") }

    func exit(_ code: Int) -> String { self.text("exit \(code)", "退出码 \(code)") }
    func task(_ name: String, on node: String) -> String {
        self.text("\(name) on \(node):", "\(node) 上的 \(name):")
    }
    func lasting(_ age: String) -> String { self.text("for \(age)", "已 \(age)") }
    func wanted(_ state: String) -> String { self.text("wanted \(state)", "期望 \(state)") }
    func identifier(_ id: String) -> String { self.text("id \(id)", "ID \(id)") }

    func port(_ port: UInt32) -> String { self.text("port \(port)", "端口 \(port)") }
    func published(_ port: PortRow, of service: String) -> String {
        let place =
            port.isHost
            ? self.text("on the nodes of its tasks", "在其任务所在节点上")
            : self.text("on every node", "在每个节点上")
        return self.text(
            "port \(port.published)/\(port.proto) \(place) goes to port \(port.target) of \(service)",
            "端口 \(port.published)/\(port.proto) \(place)转发到 \(service) 的端口 \(port.target)"
        )
    }
    var taskNode: String { self.text("task's node", "任务所在节点") }
    var everyNode: String { self.text("every node", "每个节点") }
    func usedBy(_ object: String, _ users: [String]) -> String {
        let names = users.isEmpty ? self.noService : self.list(users)
        return self.text("\(object): used by \(names)", "\(object): 使用者 \(names)")
    }
    var noService: String { self.text("no service", "没有服务") }
    var neverShown: String { self.text("what it holds is never shown", "其内容从不显示") }
}
