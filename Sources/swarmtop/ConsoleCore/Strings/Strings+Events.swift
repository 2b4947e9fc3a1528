/// What happened to the cluster's objects.
extension Strings {
    func level(_ level: ClusterEvent.Level) -> String {
        switch level {
        case .detail: self.text("detail", "细节")
        case .notice: self.text("notice", "通知")
        case .warning: self.text("WARN", "警告")
        case .bad: self.text("BAD", "严重")
        }
    }

    func on(_ node: String) -> String { self.text(" on \(node)", " 在 \(node) 上") }
    func created(_ state: String) -> String { self.text("created \(state)", "已创建 \(state)") }
    func wanted(_ before: String, to state: String) -> String {
        self.text("wanted \(before) -> \(state)", "期望 \(before) -> \(state)")
    }
    func createdWith(image: String) -> String {
        self.text("created: image \(image)", "已创建: 镜像 \(image)")
    }
    func portsChange(_ before: String, _ ports: String) -> String {
        self.text("ports \(before) -> \(ports)", "端口 \(before) -> \(ports)")
    }
    func imageFrom(_ before: String, _ image: String) -> String {
        self.text("image \(before) -> \(image)", "镜像 \(before) -> \(image)")
    }
    var specChanged: String { self.text("spec changed", "规格已更改") }
    func mode(_ mode: ServiceRow.Mode) -> String {
        switch mode {
        case .replicated(let replicas): self.text("\(replicas) replicas", "\(replicas) 个副本")
        case .global: self.text("global", "全局")
        case .job(let count): self.text("a job of \(count)", "\(count) 个任务的作业")
        case .globalJob: self.text("a global job", "全局作业")
        }
    }

    func joined(isManager: Bool) -> String {
        isManager
            ? self.text("joined as manager", "作为管理节点加入") : self.text("joined as worker", "作为工作节点加入")
    }
    func isToBe(manager: Bool) -> String {
        manager
            ? self.text("is to be a manager", "将成为管理节点") : self.text("is to be a worker", "将成为工作节点")
    }
    func isNow(manager: Bool) -> String {
        manager
            ? self.text("is a manager now", "已成为管理节点") : self.text("is a worker now", "已成为工作节点")
    }
    var created: String { self.text("created", "已创建") }
    var changed: String { self.text("changed", "已更改") }
    var removed: String { self.text("removed", "已移除") }
    var clusterChanged: String {
        self.text("settings, tokens or certificates changed", "设置, 令牌或证书已更改")
    }
    func noLeader(in term: UInt64) -> String {
        self.text("no leader (term \(term))", "没有领导者 (任期 \(term))")
    }
    func leads(in term: UInt64) -> String { self.text("leads (term \(term))", "成为领导者 (任期 \(term))") }
    func unseen(_ changes: Int) -> String {
        self.text(
            "listed anew: \(changes) objects changed unseen",
            "重新列出: \(changes) 个对象的更改未被看到"
        )
    }
}
