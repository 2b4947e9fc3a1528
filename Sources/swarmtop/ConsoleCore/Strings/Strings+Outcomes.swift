/// What became of a change.
extension Strings {
    func done(_ words: String) -> String { self.text("Done: \(words)", "完成: \(words)") }
    var doneLate: String { self.text("done", "已完成") }
    var conflictLate: String {
        self.text("not done: somebody changed the object first", "未执行: 有人先更改了该对象")
    }
    func failedLate(_ words: String) -> String { self.text("not done: \(words)", "未执行: \(words)") }
    func partlyLate(_ done: Int, _ words: String) -> String {
        self.text("\(done) done, the next not: \(words)", "已完成 \(done) 个，下一个未完成: \(words)")
    }
    func failed(_ words: String, after done: Int) -> String {
        self.text("\(words)   (\(done) done before it)", "\(words)   (此前完成 \(done) 个)")
    }
    var undoOffer: String { self.text("   u: undo", "   u: 撤销") }

    func objectsAsBefore(_ names: String) -> String {
        self.done(self.text("\(names) as before", "\(names) 已恢复原状"))
    }
    func objectsChanged(_ names: String) -> String {
        self.done(self.text("\(names) changed", "\(names) 已更改"))
    }
    func scaled(_ name: String, from current: UInt64, to wanted: String) -> String {
        self.done(
            self.text(
                "\(name) scaled from \(current) to \(wanted)",
                "\(name) 的副本数由 \(current) 变为 \(wanted)"
            )
        )
    }
    func isNow(_ name: String, _ word: String, was before: String) -> String {
        self.done(self.text("\(name) is \(word) now (was \(before))", "\(name) 现为 \(word) (原为 \(before))"))
    }
    func askedToBecome(_ names: String, manager: Bool, isOne: Bool) -> String {
        let role = manager ? "manager" : "worker"
        return self.done(
            self.text(
                "\(names) asked to become \(role)\(isOne ? "" : "s")",
                "已要求 \(names) 成为\(manager ? "管理节点" : "工作节点")"
            )
        )
    }
    func done(_ kind: PlainQuestion.Kind, _ name: String) -> String {
        switch kind {
        case .roll: self.done(self.text("the tasks of \(name) are being replaced", "\(name) 的任务正在替换"))
        case .rollBack:
            self.done(self.text("\(name) goes back to its spec before", "\(name) 正恢复到先前的规格"))
        case .removeService:
            self.done(
                self.text(
                    "service \(name) is removed; its tasks are stopping",
                    "服务 \(name) 已移除；其任务正在停止"
                )
            )
        case .removeNode: self.done(self.text("node \(name) is removed", "节点 \(name) 已移除"))
        case .transferLeader: self.done(self.text("\(name) leads now", "\(name) 现为领导者"))
        }
    }
    func hasNewSpec(_ name: String) -> String {
        self.done(self.text("\(name) has its new spec", "\(name) 已采用新规格"))
    }
    var rotationBegan: String {
        self.done(
            self.text(
                "the root's rotation has begun; 9 Certs shows how far it is",
                "根证书轮换已开始；进度见 9 证书"
            )
        )
    }
    func done(_ change: ClusterChange?) -> String {
        switch change {
        case .rotateWorkerToken:
            self.done(self.text("workers join with a new token", "工作节点须用新令牌加入"))
        case .rotateManagerToken:
            self.done(self.text("managers join with a new token", "管理节点须用新令牌加入"))
        case .rotateUnlockKey:
            self.done(self.text("the unlock key is a new one: note it down", "解锁密钥已更换: 请记下"))
        case .autolock(true):
            self.done(
                self.text(
                    "managers are locked from their next start on: note the unlock key down",
                    "管理节点自下次启动起锁定: 请记下解锁密钥"
                )
            )
        case .autolock(false):
            self.done(self.text("managers start without an unlock key", "管理节点无需解锁密钥即可启动"))
        case .rotateRoot, nil: self.done(self.text("the cluster was changed", "集群已更改"))
        }
    }

    func meanwhile(version before: UInt64, to now: UInt64) -> String {
        self.text(
            "Changed meanwhile by somebody else (version \(before) -> \(now))",
            "期间已被他人更改 (版本 \(before) -> \(now))"
        )
    }
    func meanwhile(replicas before: UInt64, to now: UInt64) -> String {
        self.text(
            "Changed meanwhile by somebody else: replicas \(before) -> \(now)",
            "期间已被他人更改: 副本 \(before) -> \(now)"
        )
    }
    func meanwhile(availability before: String, to now: String) -> String {
        self.text(
            "Changed meanwhile by somebody else: availability \(before) -> \(now)",
            "期间已被他人更改: 可用性 \(before) -> \(now)"
        )
    }
    func meanwhile(_ name: String, isManager: Bool) -> String {
        self.text(
            "\(name) was changed meanwhile by somebody else (it is to be \(isManager ? "a manager" : "a worker"))",
            "\(name) 期间已被他人更改 (将为\(isManager ? "管理节点" : "工作节点"))"
        )
    }
    var meanwhile: String { self.text("changed meanwhile", "期间已被更改") }
    func beginAnew(version before: UInt64, to now: UInt64) -> String {
        self.text(
            "somebody changed it meanwhile (version \(before) -> \(now)): begin anew",
            "期间有人更改了它 (版本 \(before) -> \(now)): 请重新开始"
        )
    }
}
