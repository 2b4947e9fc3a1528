/// What every question has: its title, its buttons, and how the request stands.
extension Strings {
    var cancel: String { self.text("[ Cancel ]", "[ 取消 ]") }
    /// What stands before the field for a name.
    func typeName(_ name: String) -> String { self.text("Type \(name) to go on", "输入 \(name) 以继续") }
    func sameAs(_ command: String) -> String { self.text("Same as   :\(command)", "等同于   :\(command)") }
    var asking: String { self.text("asking the manager ...", "正在询问管理节点 ...") }
    var asBefore: String { self.text("y: as before", "y: 恢复原状") }
    var cannotBeUndone: String { self.text("It cannot be undone.", "此操作无法撤销。") }
    func pressToGoOn(_ note: String, _ key: String) -> String {
        self.text("\(note). Press \(key) to go on.", "\(note)。按 \(key) 继续。")
    }
    func notDone(_ words: String) -> String { self.text("Not done: \(words)", "未执行: \(words)") }
    var outdated: String {
        self.text("Note: it was changed since this was opened.", "注意: 打开此窗口后对象已被更改。")
    }
    var tasksAreNotTouched: String { self.text("Tasks are not touched.", "任务不受影响。") }
    func warn(_ words: String) -> String { self.text("WARN  \(words)", "警告  \(words)") }
    func question(_ title: String) -> String { self.text("\(title)?", "\(title)？") }

    func scaleTitle(_ name: String) -> String { self.text("Scale \(name)", "扩缩 \(name)") }
    func availabilityTitle(_ name: String, _ verb: AvailabilityVerb) -> String {
        switch verb {
        case .activate: self.text("Activate \(name)", "启用 \(name)")
        case .pause: self.text("Pause \(name)", "暂停 \(name)")
        case .drain: self.text("Drain \(name)", "排空 \(name)")
        }
    }
    func roleTitle(_ name: String, isPromotion: Bool) -> String {
        isPromotion
            ? self.text("Promote \(name)", "提升 \(name)") : self.text("Demote \(name)", "降级 \(name)")
    }
    var rotationTitle: String { self.text("Rotate root CA", "轮换根证书") }
    func plainTitle(_ kind: PlainQuestion.Kind, _ name: String) -> String {
        switch kind {
        case .roll: self.text("Roll \(name)", "滚动 \(name)")
        case .rollBack: self.text("Roll back \(name)", "回滚 \(name)")
        case .removeService: self.text("Remove service \(name)", "移除服务 \(name)")
        case .removeNode: self.text("Remove node \(name)", "移除节点 \(name)")
        case .transferLeader: self.text("Make leader: \(name)", "设为领导者: \(name)")
        }
    }
    func changeTitle(_ name: String) -> String { self.text("Change \(name)", "更改 \(name)") }
    var keysTitle: String { self.text("Tokens and lock", "令牌与锁定") }

    var scaleAccept: String { self.text("y: scale    up/down: +-1", "y: 扩缩    上/下: +-1") }
    var scaleType: String { self.text("type a number    up/down: +-1", "输入数字    上/下: +-1") }
    func availabilityAccept(_ verb: AvailabilityVerb) -> String {
        switch verb {
        case .activate: self.text("y: activate    a p d: choose", "y: 启用    a p d: 选择")
        case .pause: self.text("y: pause    a p d: choose", "y: 暂停    a p d: 选择")
        case .drain: self.text("y: drain    a p d: choose", "y: 排空    a p d: 选择")
        }
    }
    var availabilityChoose: String {
        self.text("a: activate  p: pause  d: drain", "a: 启用  p: 暂停  d: 排空")
    }
    var rotationAccept: String { self.text("Ctrl-X: rotate", "Ctrl-X: 轮换") }
    func plainAccept(_ kind: PlainQuestion.Kind) -> String {
        switch kind {
        case .roll: self.text("y: roll", "y: 滚动")
        case .rollBack: self.text("y: roll back", "y: 回滚")
        case .removeService, .removeNode: self.text("Ctrl-X: remove", "Ctrl-X: 移除")
        case .transferLeader: self.text("y: make it the leader", "y: 设为领导者")
        }
    }
    var editAccept: String {
        self.text("y: make it so    e: edit again    up/down: scroll", "y: 应用    e: 再次编辑    上/下: 滚动")
    }
    var editAgain: String { self.text("e: edit again", "e: 再次编辑") }
}

/// What a node's availability is called when it is to be changed.
enum AvailabilityVerb {
    case activate, pause, drain
}
