/// What changes of roles, of the root, and of tokens and lock do, in their questions.
extension Strings {
    /// "3 managers, can lose 1"; without a quorum, what is missing.
    func quorum(_ quorum: Quorum, isFirst: Bool = true) -> String {
        let noun = quorum.managers == 1 ? " manager" : " managers"
        let count = self.text(
            "\(quorum.managers)\(isFirst ? noun : "")",
            "\(quorum.managers)\(isFirst ? " 个管理节点" : "")"
        )
        if quorum.managers == 0 { return count }
        guard quorum.isHeld else {
            return self.text(
                "\(count), NO QUORUM (\(quorum.reachable) of \(quorum.needed))",
                "\(count)，未达法定人数 (\(quorum.reachable)/\(quorum.needed))"
            )
        }
        return self.text("\(count), can lose \(quorum.spare)", "\(count)，可失去 \(quorum.spare)")
    }
    /// From one quorum to another, with advice: an even number bears no more losses than the odd one below it.
    func quorum(_ before: Quorum, to after: Quorum) -> String {
        let text = "\(self.quorum(before)) -> \(self.quorum(after, isFirst: false))"
        guard after.isHeld, after.managers.isMultiple(of: 2) else { return text }
        return text + self.text(" (odd numbers are better)", " (奇数更好)")
    }

    func refusedRole(_ refusal: String) -> String {
        self.text("REFUSED  \(refusal).", "拒绝  \(refusal)。")
    }
    func refusal(_ refusal: RoleQuestion.Refusal) -> String {
        switch refusal {
        case .noManagerLeft:
            self.text("the swarm would be left without a manager", "集群将没有管理节点")
        case .quorumLost(let name):
            self.text("without \(name) the quorum would be lost", "没有 \(name) 将失去法定人数")
        }
    }
    var enterBack: String { self.text("Enter: back", "Enter: 返回") }
    func roleAccept(_ key: String, isPromotion: Bool) -> String {
        isPromotion
            ? self.text("\(key): promote", "\(key): 提升") : self.text("\(key): demote", "\(key): 降级")
    }
    func nodes(_ count: Int, _ names: String, more: Int) -> String {
        self.text(
            "\(count) nodes: \(names)\(more > 0 ? " and \(more) more" : "")",
            "\(count) 个节点: \(names)\(more > 0 ? " 等，另有 \(more) 个" : "")"
        )
    }
    var promotionEffect: String {
        self.text(
            "A new manager gets the log first, and votes once it has it. \(self.tasksAreNotTouched)",
            "新管理节点先获取日志，完成后才参与投票。\(self.tasksAreNotTouched)"
        )
    }
    func promotedLater(_ names: [String]) -> String {
        self.warn(
            self.text(
                "\(self.list(names)): not ready; it becomes manager when it is back.",
                "\(self.list(names)): 未就绪；恢复后才成为管理节点。"
            )
        )
    }
    var demotionEffect: String {
        self.text(
            "It leaves the group of managers, and works on as a worker. \(self.tasksAreNotTouched)",
            "它将离开管理节点组，作为工作节点继续运行。\(self.tasksAreNotTouched)"
        )
    }
    func handsOver(_ name: String) -> String {
        self.text("\(name) leads: it hands over first.", "\(name) 是领导者: 会先移交。")
    }
    var noneMayBeLost: String {
        self.warn(
            self.text("afterwards none of the managers may be lost.", "之后不能再失去任何管理节点。")
        )
    }

    func rotationEffect(_ count: Int) -> String {
        self.text(
            "\(count == 1 ? "1 node gets" : "\(count) nodes get") a new certificate from a new root, "
                + "batch by batch. \(self.tasksAreNotTouched)",
            "\(count) 个节点将分批从新根证书获得新证书。\(self.tasksAreNotTouched)"
        )
    }
    func rotationDown(_ names: [String], more: Int) -> String {
        self.warn(
            self.text(
                "down: \(self.list(names))\(more > 0 ? " and \(more) more" : "")."
                    + " The rotation cannot end before they are up, or removed.",
                "离线: \(self.list(names))\(more > 0 ? " 等，另有 \(more) 个" : "")。"
                    + "它们恢复或被移除之前轮换无法结束。"
            )
        )
    }
    func rotationReplaced(_ progress: String) -> String {
        self.warn(
            self.text(
                "a rotation is under way (\(progress)): this one replaces it.",
                "已有轮换正在进行 (\(progress)): 将被本次取代。"
            )
        )
    }
    var tokensChange: String {
        self.text(
            "Join tokens change: the old ones stop working. \(self.cannotBeUndone)",
            "加入令牌将改变: 旧令牌失效。\(self.cannotBeUndone)"
        )
    }
    var ownRoot: String {
        let command = "swarmd ca --rotate --ca-cert FILE --ca-key FILE"
        return self.text("For a root of your own: \(command)", "使用自己的根证书: \(command)")
    }
}
