/// What stands above an object's fields.
extension Strings {
    func taskHead(_ name: String, on node: String) -> String {
        self.text("Task \(name) on \(node)", "\(node) 上的任务 \(name)")
    }
    func since(_ state: String, _ moment: String, wanted: String) -> String {
        self.text("\(state) since \(moment), wanted \(wanted)", "\(state) 自 \(moment)，期望 \(wanted)")
    }
    func error(_ words: String) -> String { self.text("error: \(words)", "错误: \(words)") }
    func exitCode(_ code: Int) -> String { self.text("exit code \(code)", "退出码 \(code)") }
    func serviceHead(_ name: String) -> String { self.text("Service \(name)", "服务 \(name)") }
    func tasks(_ running: Int, of wanted: Int, _ states: String) -> String {
        self.text("\(running) of \(wanted) tasks (\(states))", "任务 \(running)/\(wanted) (\(states))")
    }
    func updateStands(_ state: String) -> String { self.text("update \(state)", "更新 \(state)") }
    func place(_ name: String, _ state: String, on node: String) -> String {
        self.text("\(name) \(state) on \(node)", "\(node) 上的 \(name) \(state)")
    }
    func nodeHead(_ name: String) -> String { self.text("Node \(name)", "节点 \(name)") }
    func role(isManager: Bool) -> String {
        isManager ? self.text("manager", "管理节点") : self.text("worker", "工作节点")
    }
    func certificateEndsAt(_ moment: String) -> String {
        self.text("certificate ends \(moment)", "证书到期 \(moment)")
    }
    func kind(_ kind: ObjectKey.Kind) -> String {
        switch kind {
        case .node: self.text("Node", "节点")
        case .service: self.text("Service", "服务")
        case .task: self.text("Task", "任务")
        case .network: self.text("Network", "网络")
        case .secret: self.text("Secret", "机密")
        case .config: self.text("Config", "配置")
        }
    }
    func usedBy(_ users: [String]) -> String {
        let names = users.isEmpty ? self.noService : self.list(users)
        return self.text("used by \(names)", "使用者 \(names)")
    }
}
