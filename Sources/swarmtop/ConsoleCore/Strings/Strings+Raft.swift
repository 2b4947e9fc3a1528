/// The replicated log, its members and its elections.
extension Strings {
    func member(_ name: String, at address: String, _ id: String) -> String {
        self.text("\(name) at \(address)   node \(id)", "\(name) 地址 \(address)   节点 \(id)")
    }
    var lost: String { self.text("lost", "失联") }
    var leading: String { self.text("LEADER", "领导者") }
    var learner: String { self.text("learner", "学习者") }
    var follower: String { self.text("follower", "跟随者") }

    func thisManager(_ name: String, _ version: String, _ term: UInt64) -> String {
        self.text(
            "this manager: \(name)   swarmd \(version)   term \(term)",
            "本管理节点: \(name)   swarmd \(version)   任期 \(term)"
        )
    }
    func firstEntry(_ index: UInt64, snapshot: UInt64) -> String {
        self.text("first \(index)   snapshot \(snapshot)", "首条 \(index)   快照 \(snapshot)")
    }
    func log(_ size: String, _ pending: UInt64) -> String {
        self.text(
            "WAL \(size) (\(pending) entries since snapshot)",
            "WAL \(size) (自快照以来 \(pending) 条)"
        )
    }
    func noQuorum(_ reachable: Int, of managers: Int, needed: Int) -> String {
        self.text(
            "NO QUORUM: \(reachable) of \(managers), \(needed) are needed",
            "未达法定人数: \(reachable)/\(managers)，需要 \(needed)"
        )
    }
    var oneMoreLost: String {
        self.text("Losing one more manager => NO QUORUM", "再失去一个管理节点 => 未达法定人数")
    }
    func mayBeLost(_ count: Int) -> String {
        self.text("\(count) more may be lost", "还可失去 \(count) 个")
    }

    var elections: String { self.text("elections, as seen here", "本节点所见的选举") }
    func noLeader(lost: String?) -> String {
        guard let lost else { return self.text("no leader", "没有领导者") }
        return self.text("no leader: \(lost) is lost", "没有领导者: 失去了 \(lost)")
    }
    func leads(_ name: String) -> String { self.text("\(name) leads", "\(name) 成为领导者") }
    func after(_ name: String) -> String { self.text(" after \(name)", "，接替 \(name)") }
    var again: String { self.text(" again", "，再次当选") }
    func withoutLeader(_ time: String) -> String {
        self.text(", \(time) without a leader", "，无领导者 \(time)")
    }
}
