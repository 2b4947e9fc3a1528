/// The help page.
extension Strings {
    var helpTitle: String { self.text("swarmtop - help", "swarmtop - 帮助") }
    func helpLines(_ first: Int, _ last: Int, of total: Int) -> String {
        self.text(
            "lines \(first)-\(last) of \(total)   up/down PgUp/PgDn",
            "第 \(first)-\(last) 行，共 \(total) 行   上/下 PgUp/PgDn"
        )
    }

    /// Keys and what they do, in the order of the page; a line without keys goes on with the one before.
    var helpLook: [(keys: String, words: String)] {
        [
            (self.text("arrows j k PgUp PgDn g G", "方向键 j k PgUp PgDn g G"), self.text("move", "移动")),
            (
                "Enter / Esc",
                self.text(
                    "tasks of the selected service or node, a task in full / up again",
                    "所选服务或节点的任务, 任务的完整内容 / 返回上层"
                )
            ),
            (
                "d  y",
                self.text(
                    "describe the object; as YAML, again as JSON    /  n N: search in it",
                    "对象详情; YAML, 再按为 JSON    /  n N: 在其中搜索"
                )
            ),
            (
                "l",
                self.text(
                    "follow what it prints: going up pauses, G goes on",
                    "跟随其输出: 向上则暂停, G 继续"
                )
            ),
            (
                "h",
                self.text(
                    "what ran in the slot before; left right: the next slot",
                    "槽位中以前运行过什么; 左 右: 相邻槽位"
                )
            ),
            ("1 2 3 4 5, Tab, -", self.text("views, next view, last view", "视图, 下一视图, 上次的视图")),
            (
                "/",
                self.text(
                    "filter: word !word ~regex field:word (all must hold), else what comes near",
                    "过滤: 词 !词 ~正则 字段:词 (须全部满足), 否则近似项"
                )
            ),
            (
                "",
                self.text(
                    "  ~ takes . [a-z] ( | ) * + ? {2,5} ^ $ \\d \\w \\s \\b   node:~^w0[1-4]$",
                    "  ~ 支持 . [a-z] ( | ) * + ? {2,5} ^ $ \\d \\w \\s \\b   node:~^w0[1-4]$"
                )
            ),
            (
                self.text("left right", "左 右"),
                self.text(
                    "tasks: choose a state, events: a level    m: size of the picture",
                    "任务: 选择状态, 事件: 选择级别    m: 图的大小"
                )
            ),
        ] + self.helpLists + self.helpCommands
    }

    private var helpLists: [(keys: String, words: String)] {
        [
            (
                "Space v *  U",
                self.text(
                    "services, nodes: mark one, up to here, all / take the marks away",
                    "服务, 节点: 标记一个, 标记至此, 全部 / 取消标记"
                )
            ),
            (
                "o O < >  c  w",
                self.text(
                    "sort, reverse, next column; columns; all of them (left right scroll)",
                    "排序, 反转, 换列; 选择列; 显示所有列 (左 右滚动)"
                )
            ),
            (
                "Y",
                self.text("copy the row's ID, name or words (OSC 52)", "复制该行的 ID, 名称或文字 (OSC 52)")
            ),
            (
                "z",
                self.text(
                    "jobs: what is under way, and why it does not go on",
                    "作业: 正在进行什么, 以及为何没有进展"
                )
            ),
            (
                "a",
                self.text(
                    "all changes, and why some are not possible here",
                    "所有更改, 以及某些更改此处不可用的原因"
                )
            ),
        ]
    }

    private var helpCommands: [(keys: String, words: String)] {
        [
            (
                ":",
                self.text(
                    "commands: :scale NAME N  :drain :pause :activate NODE",
                    "命令: :scale NAME N  :drain :pause :activate NODE"
                )
            ),
            ("", "  :promote :demote NODE...  :rotate ca  :tokens  :q"),
            (
                "",
                self.text(
                    "  Tab completes, up and down recall; swarmd's words too:",
                    "  Tab 补全, 上 下 调出历史; swarmd 的写法亦可:"
                )
            ),
            ("", "  :service scale web=5  :node update --availability drain w01"),
            ("", "  :ps :logs :describe :edit NAME"),
            ("", "  :roll :rollback :rm SERVICE  :rm-node :transfer-leader NODE"),
            ("", "  :nodes :services :tasks :raft :events :logs :secrets :networks :certs"),
            ("", "  :theme NAME   (\(Theme.choices))"),
            ("Ctrl-L  q  Ctrl-C twice", self.text("redraw, quit at the top, quit", "重绘, 在顶层退出, 退出")),
        ]
    }

    var look: String { self.text("Look", "查看") }
    func change(off reason: String) -> String {
        self.text("Change the cluster  (off: \(reason))", "更改集群  (禁用: \(reason))")
    }
    var change: String {
        self.text(
            "Change the cluster  (asks first; only y accepts, or a name and Ctrl-X)",
            "更改集群  (先询问; 只有 y 才确认, 或输入名称再按 Ctrl-X)"
        )
    }
    var editHelp: String {
        self.text(
            "edit the spec of a service or a node in $EDITOR; shows what would change",
            "在 $EDITOR 中编辑服务或节点的规格; 先显示差异"
        )
    }
    var undoHelp: String {
        self.text(
            "take the last change back, one or several at once, for 60 s",
            "60 s 内撤销上次更改, 无论一项或多项"
        )
    }
    var changedKeys: String {
        self.text("Keys that the configuration file changed", "配置文件更改的按键")
    }
    func inPlace(_ action: String, of key: Character) -> String {
        self.text("\(action), in place of \(key)", "\(action), 代替 \(key)")
    }
}
