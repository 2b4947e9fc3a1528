/// What changes of services and nodes do, in their questions.
extension Strings {
    func replicas(_ running: Int, of wanted: UInt64, new field: String, _ step: String) -> String {
        self.text(
            "replicas now \(running) of \(wanted) wanted   new: [ \(field) ]  (\(step))",
            "当前副本 \(running)/期望 \(wanted)   新值: [ \(field) ]  (\(step))"
        )
    }
    func willStop(_ count: UInt64) -> String {
        self.text("\(count) tasks will be stopped.", "将停止 \(count) 个任务。")
    }
    func willStart(_ count: UInt64) -> String {
        self.text("\(count) tasks will be started.", "将启动 \(count) 个任务。")
    }
    var updateIsRunning: String {
        self.text(
            "Note: an update is running; new tasks start with the new spec.",
            "注意: 更新正在进行；新任务按新规格启动。"
        )
    }

    func availability(_ now: String, new: String) -> String {
        self.text("availability now: \(now)   new: [ \(new) ]", "当前可用性: \(now)   新值: [ \(new) ]")
    }
    var activateEffect: String {
        self.text(
            "New tasks may be placed here again; none is moved back.",
            "可再次在此放置新任务；已移走的不会移回。"
        )
    }
    func pauseEffect(_ live: Int) -> String {
        self.text(
            "No new tasks are placed here; the \(live) that are here stay.",
            "不再在此放置新任务；现有的 \(live) 个保留。"
        )
    }
    func stopHere(_ live: Int) -> String {
        self.text("\(live) tasks stop here.", "此处 \(live) 个任务将停止。")
    }
    func placedAgain(_ count: Int) -> String {
        self.text(
            "\(count) are placed again elsewhere, where they fit.",
            "其中 \(count) 个将在容得下的其他节点重新放置。"
        )
    }
    func notReplaced(_ count: Int) -> String {
        self.text(
            "\(count) are of global services and are not replaced.",
            "其中 \(count) 个属于全局服务，不会替换。"
        )
    }
    var noOtherNode: String {
        self.text(
            "no other node is ready and active: they will stay PENDING.",
            "没有其他就绪且启用的节点: 任务将停留在 PENDING。"
        )
    }

    func rolled(_ live: Int, atOnce parallelism: UInt64) -> String {
        self.text(
            "\(live) tasks are replaced with the same spec, "
                + (parallelism == 0 ? "all at once." : "\(parallelism) at a time."),
            "\(live) 个任务将以相同规格替换，" + (parallelism == 0 ? "一次全部。" : "每次 \(parallelism) 个。")
        )
    }
    var updateBeginsAgain: String {
        self.text(
            "Note: the update that is under way is begun again.",
            "注意: 正在进行的更新将重新开始。"
        )
    }
    func imageChange(_ now: String, _ before: String) -> String {
        self.text("image     \(now) -> \(before)", "镜像  \(now) -> \(before)")
    }

    /// The same for what is run; empty is the image's own.
    func commandChange(_ now: String, _ before: String) -> String {
        let words = [now, before].map { $0.isEmpty ? "-" : $0 }
        return self.text("command   \(words[0]) -> \(words[1])", "命令  \(words[0]) -> \(words[1])")
    }
    func replicasChange(_ now: UInt64, _ before: UInt64) -> String {
        self.text("replicas  \(now) -> \(before)", "副本  \(now) -> \(before)")
    }
    var rollBackEffect: String {
        self.text(
            "The spec before this one is in force again; tasks that differ are replaced.",
            "先前的规格重新生效；不一致的任务将被替换。"
        )
    }
    var rollBackTwice: String {
        self.text("Rolling back twice brings this spec back.", "再次回滚会恢复当前规格。")
    }
    func stopAndDeleted(_ live: Int) -> String {
        self.text("\(live) tasks stop and are deleted.", "\(live) 个任务将停止并删除。")
    }
    func portsGivenUp(_ ports: String) -> String {
        self.text("Ports are given up: \(ports)", "将释放端口: \(ports)")
    }
    func removedNode(_ name: String) -> String {
        self.text(
            "\(name) is down: its certificate is refused from now on.",
            "\(name) 已离线: 其证书从现在起将被拒绝。"
        )
    }
    func lastSeen(_ live: Int) -> String {
        self.text("\(live) tasks were last seen on it.", "最后所见其上有 \(live) 个任务。")
    }
    var joinAgain: String {
        self.text(
            "It cannot be undone: to come back the node has to join again.",
            "此操作无法撤销: 该节点须重新加入才能回来。"
        )
    }

    func transfer(_ leader: String, _ term: UInt64, to name: String) -> String {
        self.text(
            "\(leader) leads now, in term \(term); \(name) will in the next.",
            "当前任期 \(term) 的领导者是 \(leader)；下一任期将是 \(name)。"
        )
    }
    var transferWaits: String {
        self.text(
            "Changes wait until then, most often some milliseconds. Tasks run on.",
            "在此之前更改会等待，通常只有数毫秒。任务继续运行。"
        )
    }
    func transferBehind(_ entries: UInt64) -> String {
        self.text("It is \(entries) entries behind and gets them first.", "它落后 \(entries) 条，会先补齐。")
    }
    func transferFails(_ leader: String) -> String {
        self.text(
            "If it does not take over within 3 s, \(leader) leads on.",
            "若 3 s 内未接任，\(leader) 继续担任领导者。"
        )
    }

    func notPossible(_ reason: String) -> String {
        self.text("Not possible: \(reason).", "无法执行: \(reason)。")
    }
    var editKeeps: String {
        self.text("e edits the text again as you left it.", "e 从您离开时的文本继续编辑。")
    }
    func moreLines(_ count: Int) -> String {
        self.text("\(count) more lines: up, down", "还有 \(count) 行: 上, 下")
    }
    var refusedWhenChanged: String {
        self.text("Refused when the object changes meanwhile.", "若对象在此期间被更改则会被拒绝。")
    }
}
