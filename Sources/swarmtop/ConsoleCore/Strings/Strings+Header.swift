/// The header, the tabs, and the way down to a page.
extension Strings {
    var connecting: String { self.text("CONNECTING", "正在连接") }
    func frozen(since clock: String) -> String { self.text("FROZEN \(clock)", "已冻结 \(clock)") }
    var replay: String { self.text("REPLAY", "回放") }
    var live: String { self.text("LIVE", "实时") }
    var liveReadOnly: String { self.text("LIVE read-only", "实时 只读") }
    var liveLocked: String { self.text("LIVE LOCKED", "实时 已锁定") }
    func stale(for age: String) -> String { self.text("STALE \(age)", "已断开 \(age)") }
    var staleTiny: String { self.text("STALE", "已断开") }
    func needs(columns: Int, rows: Int) -> String {
        self.text("(need \(columns)x\(rows))", "(至少 \(columns)x\(rows))")
    }

    func level(_ level: Health.Level) -> String {
        switch level {
        case .unknown: level.rawValue
        case .ok: self.text("OK", "正常")
        case .warning: self.text("WARN", "警告")
        case .critical: self.text("CRIT", "严重")
        }
    }

    /// No leader, no reason.
    var none: String { self.text("none", "无") }
    func noQuorum(_ reachable: Int, of managers: Int) -> String {
        self.text("NO QUORUM \(reachable)/\(managers)", "未达法定人数 \(reachable)/\(managers)")
    }
    func quorum(_ reachable: Int, of managers: Int, spare: Int) -> String {
        self.text(
            "quorum \(reachable)/\(managers) (can lose \(spare))",
            "法定人数 \(reachable)/\(managers) (可失去 \(spare))"
        )
    }
    func leader(_ name: String) -> String { self.text("leader \(name)", "领导者 \(name)") }
    func term(_ term: UInt64) -> String { self.text("term \(term)", "任期 \(term)") }
    func via(_ place: String) -> String { self.text("via \(place)", "经由 \(place)") }

    var nodes: String { self.text("nodes", "节点") }
    var services: String { self.text("services", "服务") }
    var servicesShort: String { self.text("svc", "服务") }
    func tasks(_ running: Int, of wanted: Int) -> String {
        self.text("tasks \(running)/\(wanted)", "任务 \(running)/\(wanted)")
    }
    func commit(_ index: UInt64) -> String { self.text("commit \(index)", "已提交 \(index)") }
    func applied(_ index: UInt64) -> String { self.text("applied \(index)", "已应用 \(index)") }
    func lag(_ entries: String) -> String { self.text("lag \(entries)", "滞后 \(entries)") }
    var certificate: String { self.text("cert", "证书") }
    var certificatesFirst: String { self.text("node certs min", "最早到期证书") }

    func tab(_ tab: Tab) -> String {
        switch tab {
        case .nodes: self.text("Nodes", "节点")
        case .services: self.text("Services", "服务")
        case .tasks: self.text("Tasks", "任务")
        case .raft: self.text("Raft", "Raft")
        case .events: self.text("Events", "事件")
        case .logs: self.text("Logs", "日志")
        case .secrets: self.text("Secrets", "机密")
        case .networks: self.text("Nets", "网络")
        case .certificates: self.text("Certs", "证书")
        }
    }
    /// A view as messages name it: its key and its title.
    func view(_ tab: Tab) -> String { "\(tab.rawValue) \(self.tab(tab))" }

    var logsCrumb: String { self.text("logs", "日志") }
    func slot(_ number: String) -> String { self.text("slot \(number)", "槽位 \(number)") }
    func form(_ form: Inspection.Form) -> String {
        switch form {
        case .describe: self.text("describe", "详情")
        case .yaml, .json: form.rawValue
        }
    }
    func version(_ version: UInt64) -> String { self.text("version \(version)", "版本 \(version)") }
    func count(_ shown: Int, of total: Int) -> String {
        self.text("\(shown) of \(total)", "\(shown)/\(total)")
    }
    func lines(_ first: Int, _ last: Int, of total: Int) -> String {
        self.text("\(first)-\(last) of \(total)", "\(first)-\(last)/\(total) 行")
    }

    var near: String { self.text("(near)", "(近似匹配)") }
    func filtersNothing(_ fault: String) -> String {
        self.text("(filters nothing yet: \(fault))", "(尚未过滤: \(fault))")
    }
    func orWorse(_ level: String) -> String { self.text("[\(level) or worse]", "[\(level) 及以上]") }

    var logsEnded: String { self.text("ended", "已结束") }
    func logsEnded(_ reason: String) -> String { self.text("ENDED: \(reason)", "已结束: \(reason)") }
    var following: String { self.text("following", "跟随中") }
    func paused(new lines: Int) -> String {
        self.text("PAUSED, \(lines) new (G: go on)", "已暂停，新增 \(lines) 行 (G: 继续)")
    }
}
