/// The last two rows: what the keys do here, and why nothing can be changed.
extension Strings {
    var typeTheName: String {
        self.text("type the name, then Ctrl-X:accept", "输入名称, 再按 Ctrl-X:确认")
    }
    var accept: String { self.text("y:accept", "y:确认") }
    var escEnterCancel: String { self.text("Esc/Enter:cancel", "Esc/Enter:取消") }
    var escClose: String { self.text("Esc:close", "Esc:关闭") }
    var nextHit: String { self.text("n N: next, previous", "n N: 下一个, 上一个") }
    var filterWords: String {
        self.text(
            "word !word ~regex field:word (node: state: want: error: ...)",
            "词 !词 ~正则 字段:词 (node: state: want: error: ...)"
        )
    }
    var enterKeeps: String { self.text("Enter:keep", "Enter:保留") }
    var escClears: String { self.text("Esc:clear", "Esc:清除") }
    func show(_ keys: String) -> String { self.text("\(keys):show", "\(keys):显示") }
    func newOne(_ keys: String) -> String { self.text("\(keys):new one", "\(keys):换新") }
    var autolockKey: String { self.text("a:autolock", "a:自动锁定") }
    var escEnterClose: String { self.text("Esc/Enter:close", "Esc/Enter:关闭") }
    var helpKey: String { self.text("?:help", "?:帮助") }
    var upKey: String { self.text("Esc:up", "Esc:返回") }
    var quitKey: String { self.text("q:quit", "q:退出") }
    var readOnlyHint: String {
        self.text("changes are off: read-only console", "更改已禁用: 只读控制台")
    }
    func off(_ hint: String) -> String { self.text("\(hint)(off)", "\(hint)(禁用)") }

    var tasksHint: String { self.text("Enter:tasks", "Enter:任务") }
    var describeHint: String { self.text("d:describe", "d:详情") }
    var logsHint: String { self.text("l:logs", "l:日志") }
    var filterHint: String { self.text("/:filter", "/:过滤") }
    var scaleHint: String { self.text("S:scale", "S:扩缩") }
    var rollHint: String { self.text("R:roll", "R:滚动") }
    var drainHint: String { self.text("D:drain/activate", "D:排空/启用") }
    var promoteHint: String { self.text("P:promote", "P:提升") }
    var demoteHint: String { self.text("M:demote", "M:降级") }
    var leadHint: String { self.text("T:lead", "T:设为领导者") }
    var levelHint: String { self.text("<-/->:level", "<-/->:级别") }
    var kindHint: String { self.text("/:filter kind:task", "/:过滤 kind:task") }
    var freezeHint: String { self.text("p:freeze", "p:冻结") }
    var yamlHint: String { self.text("y:YAML", "y:YAML") }
    var yamlJSONHint: String { self.text("y:YAML/JSON", "y:YAML/JSON") }
    var rotateHint: String { self.text("R:rotate CA", "R:轮换根证书") }
    var keysHint: String { self.text("K:tokens/lock", "K:令牌/锁定") }
    var pauseHint: String { self.text("up: pause", "上: 暂停") }
    var followHint: String { self.text("G:follow", "G:跟随") }
    var searchHint: String { self.text("/:search n N", "/:搜索 n N") }
    var scrollHint: String { self.text("<-/->:scroll", "<-/->:滚动") }
    var slotHint: String { self.text("<-/->:slot", "<-/->:槽位") }
    var stageHint: String { self.text("<-/->:stage", "<-/->:状态") }
    var mapHint: String { self.text("m:map", "m:图") }
    var detailHint: String { self.text("Enter:detail", "Enter:详情") }
    var historyHint: String { self.text("h:history", "h:历史") }
    var actionsHint: String { self.text("a:actions", "a:操作") }
    var commandHint: String { self.text(":command", ":命令") }

    func stateOf(_ clock: String, _ reason: String) -> String {
        self.text(
            "Showing the state of \(clock) UTC. Changes are off: \(reason). Trying again",
            "显示的是 \(clock) UTC 的状态。更改已禁用: \(reason)。正在重试"
        )
    }
    var noLeaderYet: String {
        self.text("No leader: changes are off until one is elected", "没有领导者: 选出之前更改已禁用")
    }
    var undoKey: String { self.text("u:undo", "u:撤销") }
    var jobsKey: String { self.text("z:jobs", "z:作业") }
    var jobsTitle: String { self.text("swarmtop - jobs", "swarmtop - 作业") }
    var escBack: String { self.text("Esc: back", "Esc: 返回") }
    var noJobs: String { self.text("no jobs", "没有作业") }
    var actions: String { self.text("Actions", "操作") }
    func off(_ letter: Character, _ reason: String) -> String {
        self.text("\(letter)  off: \(reason)", "\(letter)  禁用: \(reason)")
    }
    var menuHint: String {
        self.text(
            "letter or Enter: ask    up/down: choose    Esc: close",
            "字母或 Enter: 询问    上/下: 选择    Esc: 关闭"
        )
    }
}
