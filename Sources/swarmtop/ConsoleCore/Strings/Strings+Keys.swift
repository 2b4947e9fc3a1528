/// The dialog of join tokens, the unlock key and autolock; its lines stand below each other like a table.
extension Strings {
    func workerJoin(_ mask: String) -> String {
        self.text(
            "worker's join command    \(mask)    w: show   W: new token",
            "工作节点加入命令   \(mask)    w: 显示   W: 新令牌"
        )
    }
    func managerJoin(_ mask: String) -> String {
        self.text(
            "manager's join command   \(mask)    m: show   M: new token",
            "管理节点加入命令   \(mask)    m: 显示   M: 新令牌"
        )
    }
    func unlockKey(_ mask: String) -> String {
        self.text(
            "unlock key               \(mask)    u: show   U: new key",
            "解锁密钥           \(mask)    u: 显示   U: 新密钥"
        )
    }
    var autolockIsOn: String {
        self.text(
            "autolock is on: a manager that starts needs the key    a: off",
            "自动锁定已开启: 管理节点启动时需要密钥    a: 关闭"
        )
    }
    var autolockIsOff: String {
        self.text(
            "autolock is off: managers start by themselves   a: on",
            "自动锁定已关闭: 管理节点自行启动   a: 开启"
        )
    }
    /// What stands in the place of a secret that is shown further down; as wide as the mask.
    var below: String { self.text("(below)", "见下方 ") }
    var noUnlockKey: String { self.text("there is no unlock key", "没有解锁密钥") }
    var noteKeyDown: String {
        self.text(
            "Note it down now: without it a locked manager cannot start.",
            "请立即记下: 没有它锁定的管理节点无法启动。"
        )
    }
    var noToken: String { self.text("there is no token", "没有令牌") }

    func keysAccept(_ change: ClusterChange?) -> String {
        switch change {
        case .rotateWorkerToken, .rotateManagerToken: self.text("y: make a new token", "y: 生成新令牌")
        case .rotateUnlockKey: self.text("y: make a new unlock key", "y: 生成新解锁密钥")
        case .autolock(true): self.text("y: lock managers", "y: 锁定管理节点")
        case .autolock(false): self.text("y: unlock managers for good", "y: 永久解锁管理节点")
        case .rotateRoot, nil: self.escCloses
        }
    }

    /// What a change does; nil where there is another dialog for it.
    func keysEffect(_ change: ClusterChange) -> String? {
        switch change {
        case .rotateWorkerToken:
            self.text("The worker token that is out there stops working.", "已发出的工作节点令牌将失效。")
        case .rotateManagerToken:
            self.text("The manager token that is out there stops working.", "已发出的管理节点令牌将失效。")
        case .rotateUnlockKey:
            self.text(
                "The key that is noted down stops working where a manager has the new one.",
                "管理节点获得新密钥后，已记下的密钥将失效。"
            )
        case .autolock(true):
            self.text(
                "Managers' files are encrypted: one that starts again waits for swarmd unlock.",
                "管理节点的文件将加密: 重新启动时须等待 swarmd unlock。"
            )
        case .autolock(false):
            self.text(
                "The key to the managers' files lies beside them again.",
                "管理节点文件的密钥将重新与文件放在一起。"
            )
        case .rotateRoot: nil
        }
    }
}
