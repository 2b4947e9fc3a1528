/// What keys and commands are answered with in the message line.
extension Strings {
    func reconnected(_ changes: Int) -> String {
        self.text(
            "reconnected: \(changes) objects changed meanwhile",
            "已重新连接: 期间 \(changes) 个对象有更改"
        )
    }
    var interruptAgain: String { self.text("Ctrl-C again to quit, or q", "再按 Ctrl-C 退出, 或按 q") }
    var escGoesUp: String {
        self.text("Esc goes up; q quits at the top, :q anywhere", "Esc 返回上层; q 在顶层退出, :q 随处退出")
    }
    var selectForHistory: String {
        self.text(
            "h shows what ran in a slot: select a service or a task",
            "h 显示槽位的运行历史: 请选择服务或任务"
        )
    }
    var selectForEdit: String {
        self.text("e edits a service or a node: select one", "e 编辑服务或节点: 请选择一个")
    }
    var selectForDescribe: String {
        self.text("d describes an object: select one", "d 显示对象详情: 请选择一个")
    }
    var selectForYAML: String {
        self.text("y writes out an object: select one", "y 输出对象: 请选择一个")
    }
    var selectForLogs: String {
        self.text(
            "l shows what is printed: select a service, a task or a node",
            "l 显示输出: 请选择服务, 任务或节点"
        )
    }
    var selectForCopy: String { self.text("Y copies of a row: select one", "Y 复制行内容: 请选择一行") }
    var markable: String { self.text("services and nodes are marked", "只能标记服务和节点") }
    func noCommand(_ command: String) -> String {
        self.text("no such command: \(command)   (? lists them)", "没有此命令: \(command)   (? 列出全部)")
    }
    func noTheme(_ name: String) -> String {
        self.text("no theme '\(name)': choose \(Theme.choices)", "没有主题 '\(name)': 可选 \(Theme.choices)")
    }
    func noNumber(_ number: String) -> String {
        self.text("not a number of replicas: \(number)", "不是副本数: \(number)")
    }
    func noService(named name: String) -> String {
        self.text("no service named \(name)", "没有名为 \(name) 的服务")
    }
    func noNode(named name: String) -> String {
        self.text("no node named \(name)", "没有名为 \(name) 的节点")
    }
    func manyNodes(named name: String) -> String {
        self.text(
            "several nodes are named \(name): use the identifier",
            "有多个名为 \(name) 的节点: 请使用 ID"
        )
    }
    func noServiceOrNode(named name: String) -> String {
        self.text("no service or node named \(name)", "没有名为 \(name) 的服务或节点")
    }
    var nothingBeginsSo: String { self.text("nothing begins so", "没有以此开头的内容") }

    func cannotBeEdited(_ words: String) -> String {
        self.text("cannot be edited: \(words)", "无法编辑: \(words)")
    }
    func notEdited(_ words: String) -> String { self.text("not edited: \(words)", "未编辑: \(words)") }
    var notChanged: String { self.text("not changed", "未更改") }
    func cannotBeShown(_ words: String) -> String {
        self.text("cannot be shown: \(words)", "无法显示: \(words)")
    }
    var removedState: String {
        self.text("REMOVED: this is its last state", "已删除: 这是其最后状态")
    }
    var searchHelp: String {
        self.text("/ looks for text, n and N go on", "/ 搜索文本, n 和 N 继续")
    }
    func notHere(_ query: String) -> String { self.text("\(query) is not here", "未找到 \(query)") }
    func copied(_ title: String, _ text: String) -> String {
        self.text("copied the \(title): \(text)", "已复制 \(title): \(text)")
    }
    var copy: String { self.text("Copy", "复制") }
    var copyHint: String {
        self.text(
            "letter or Enter: copy    Y: the first    Esc: close",
            "字母或 Enter: 复制    Y: 第一项    Esc: 关闭"
        )
    }

    var nothingToUndo: String {
        self.text("nothing to undo: a change can be taken back for 60 s", "没有可撤销的更改: 更改仅可在 60 s 内撤销")
    }
    var serviceIsGone: String { self.text("the service is gone", "该服务已删除") }
    var nodeIsGone: String { self.text("the node is gone", "该节点已删除") }
    var changedIsGone: String { self.text("what was changed is gone", "已更改的对象已删除") }
    func someAreGone(_ count: Int) -> String {
        self.text("\(count) of them are gone", "其中 \(count) 个已删除")
    }
    var startedReadOnly: String {
        self.text("the console was started with --read-only", "控制台以 --read-only 启动")
    }
    var lockedNow: String { self.text("locked: L unlocks", "已锁定: 按 L 解锁") }
    var unlockedNow: String { self.text("unlocked", "已解锁") }

    var nothingFollowed: String {
        self.text(
            "nothing is followed: press l on a service, a task or a node",
            "未跟随任何输出: 请在服务, 任务或节点上按 l"
        )
    }
    var nothingPrintedYet: String { self.text("nothing printed so far", "暂无输出") }
    var nothingPrinted: String { self.text("nothing was printed", "没有输出") }
    func eachHasRole(isManager: Bool) -> String {
        isManager
            ? self.text("each of them is a manager already", "它们都已是管理节点")
            : self.text("each of them is a worker already", "它们都已是工作节点")
    }
    func tooManyNodes(_ count: Int, limit: Int) -> String {
        self.text(
            "\(count) nodes at once are too many: mark \(limit) at most",
            "一次 \(count) 个节点过多: 最多标记 \(limit) 个"
        )
    }
    func groupUnknown(_ name: String) -> String {
        self.text("\(name): the group of managers is not known yet", "\(name): 尚不知管理节点组")
    }
}
