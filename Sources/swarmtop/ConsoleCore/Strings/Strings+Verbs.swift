/// The changes, and why some are not possible.
extension Strings {
    func title(_ verb: Verb) -> String {
        switch verb {
        case .scale: self.text("scale the service", "扩缩服务")
        case .roll:
            self.text(
                "roll: replace the service's tasks with the same spec",
                "滚动: 以相同规格替换服务的任务"
            )
        case .rollBack: self.text("roll the service back to its spec before", "将服务回滚到先前的规格")
        case .availability: self.text("drain, pause or activate the node", "排空, 暂停或启用节点")
        case .promote:
            self.text(
                "make the node, or those that are marked, managers",
                "将该节点或已标记的节点提升为管理节点"
            )
        case .demote: self.text("make them workers", "将其降级为工作节点")
        case .transferLeader: self.text("make the manager the leader", "使该管理节点成为领导者")
        case .rotateRoot:
            self.text("9 Certs: replace the root certificate", "9 证书: 更换根证书")
        case .keys: self.text("join tokens, unlock key, autolock", "加入令牌, 解锁密钥, 自动锁定")
        case .remove:
            self.text("remove the service, or the node that is down", "移除服务, 或已离线的节点")
        }
    }

    var isRecording: String { self.text("this is a recording", "这是录像") }
    var isReadOnly: String { self.text("read-only console", "只读控制台") }
    var isLocked: String { self.text("the console is locked (L)", "控制台已锁定 (L)") }
    var isFrozen: String { self.text("the screen is frozen (p)", "画面已冻结 (p)") }
    var notConnectedYet: String { self.text("not connected yet", "尚未连接") }
    var notConnected: String { self.text("not connected", "未连接") }
    var noLeader: String { self.text("no leader", "没有领导者") }
    func changesAreOff(_ reason: String) -> String {
        self.text("changes are off: \(reason)", "更改已禁用: \(reason)")
    }

    func isGone(_ name: String) -> String { self.text("\(name) is gone", "\(name) 已删除") }
    var selectForDrain: String {
        self.text("D drains a node: select one in 1 Nodes", "D 排空节点: 请在 1 节点 中选择")
    }
    func selectForRole(isPromotion: Bool) -> String {
        isPromotion
            ? self.text("P promotes a node: select one in 1 Nodes", "P 提升节点: 请在 1 节点 中选择")
            : self.text("M demotes a node: select one in 1 Nodes", "M 降级节点: 请在 1 节点 中选择")
    }
    func hasRole(_ name: String, isManager: Bool) -> String {
        isManager
            ? self.text("\(name) is a manager already", "\(name) 已是管理节点")
            : self.text("\(name) is a worker already", "\(name) 已是工作节点")
    }
    var selectForLead: String {
        self.text(
            "T makes a manager the leader: select one in 4 Raft",
            "T 使管理节点成为领导者: 请在 4 Raft 中选择"
        )
    }
    var goToCertificates: String {
        self.text("R rotates the root certificate: go to 9 Certs", "R 轮换根证书: 请到 9 证书")
    }
    var noClusterObject: String {
        self.text("the cluster object is not there yet", "集群对象尚不存在")
    }
    func selectService(for verb: Verb) -> String {
        switch verb {
        case .scale: self.text("S scales a service: select one", "S 扩缩服务: 请选择一个")
        case .roll: self.text("R rolls a service: select one", "R 滚动服务: 请选择一个")
        default: self.text("B rolls back a service: select one", "B 回滚服务: 请选择一个")
        }
    }
    func notScalable(_ name: String, _ mode: String) -> String {
        self.text(
            "\(name) is a \(mode) service: only replicated ones scale",
            "\(name) 是 \(mode) 服务: 只有副本服务可以扩缩"
        )
    }
    func isJob(_ name: String) -> String {
        self.text(
            "\(name) is a job: it runs anew when its spec is changed",
            "\(name) 是作业: 更改规格时会重新运行"
        )
    }
    func hasNoSpecBefore(_ name: String) -> String {
        self.text("\(name) has no spec before this one", "\(name) 没有更早的规格")
    }
    var selectForRemoval: String {
        self.text("X removes a service or a node: select one", "X 移除服务或节点: 请选择一个")
    }
    func demoteFirst(_ name: String) -> String {
        self.text("\(name) is a manager: demote it first", "\(name) 是管理节点: 请先降级")
    }
    func drainFirst(_ name: String) -> String {
        self.text(
            "\(name) is up: drain it, and stop its daemon first",
            "\(name) 在线: 请先排空并停止其守护进程"
        )
    }
    func tooMany(_ count: Int, limit: Int) -> String {
        self.text(
            "\(count) at once are too many: mark \(limit) at most",
            "一次 \(count) 个过多: 最多标记 \(limit) 个"
        )
    }

    func isNoManager(_ name: String) -> String {
        self.text("\(name) is no manager: only those lead", "\(name) 不是管理节点: 只有管理节点可任领导者")
    }
    func leadsAlready(_ name: String) -> String {
        self.text("\(name) leads already", "\(name) 已是领导者")
    }
    func hasNoVote(_ name: String) -> String {
        self.text("\(name) has no vote yet: it is catching up", "\(name) 尚无投票权: 正在追赶日志")
    }
    func doesNotAnswer(_ name: String) -> String {
        self.text("\(name) does not answer", "\(name) 没有响应")
    }
    func isSentState(_ name: String) -> String {
        self.text("\(name) is still being sent the whole state", "\(name) 仍在接收完整状态")
    }
    func isBehind(_ name: String, _ entries: UInt64) -> String {
        self.text(
            "\(name) is \(entries) entries behind: wait until it has caught up",
            "\(name) 落后 \(entries) 条: 请等待其追上"
        )
    }
}
