import SwarmAPI

/// What a change would do, as the manager computed it.
extension Strings {
    var computing: String { self.text("computing what it would do ...", "正在计算影响 ...") }
    func noPreview(_ reason: String) -> String {
        self.text("No preview: \(reason)", "无法预览: \(reason)")
    }
    var noTaskHere: String { self.text("No task runs here.", "此处没有任务运行。") }
    func tasks(_ count: UInt32) -> String {
        self.text(count == 1 ? "1 task" : "\(count) tasks", "\(count) 个任务")
    }
    func globalsStart(_ count: UInt32) -> String {
        self.text(
            "\(self.tasks(count)) of global services start here.",
            "全局服务的 \(self.tasks(count))将在此启动。"
        )
    }
    func relieved(_ count: UInt32) -> String {
        self.text(
            "\(self.tasks(count)) that wait for a node would get one.",
            "等待节点的 \(self.tasks(count))将得到节点。"
        )
    }
    func stop(_ count: UInt32) -> String {
        self.text("\(self.tasks(count)) stop.", "\(self.tasks(count))将停止。")
    }
    func after(_ spread: String, of service: String?) -> String {
        self.text(
            "\(service.map { "\($0): " } ?? "")\(spread) after",
            "\(service.map { "\($0) " } ?? "")之后: \(spread)"
        )
    }

    /// What stops, and what becomes of it; nil values are left out.
    func stops(_ stopping: UInt32, placed: UInt32?, isAtLeast: Bool, unreplaced: UInt32) -> String {
        func verb(_ count: UInt32) -> String { count == 1 ? "is" : "are" }
        var parts: [String] = []
        if let placed {
            parts.append(
                self.text(
                    "\(isAtLeast ? "at least " : "")\(placed) \(verb(placed)) placed again elsewhere",
                    "\(isAtLeast ? "至少 " : "")\(placed) 个在其他节点重新放置"
                )
            )
        }
        if unreplaced > 0 {
            parts.append(
                self.text(
                    "\(unreplaced) \(verb(unreplaced)) global (not replaced)",
                    "\(unreplaced) 个属于全局服务 (不替换)"
                )
            )
        }
        let text = self.text(
            "\(self.tasks(stopping)) \(stopping == 1 ? "stops" : "stop") here",
            "此处 \(self.tasks(stopping))将停止"
        )
        guard !parts.isEmpty else { return text + self.text(".", "。") }
        return text + self.text("; ", "；") + parts.joined(separator: self.text(", ", "，"))
            + self.text(".", "。")
    }
    func whereTo(_ places: String) -> String { self.text("Where to: \(places)", "去向: \(places)") }
    func moreNodes(_ count: Int) -> String { self.text("and \(count) more nodes", "另有 \(count) 个节点") }

    func room(_ nodes: UInt32, others: Bool, cpu: String) -> String {
        self.text(
            "Room on the \(others ? "other " : "")\(nodes == 1 ? "1 node" : "\(nodes) nodes"): cpu \(cpu)",
            "\(others ? "其他 " : "")\(nodes) 个节点的余量: CPU \(cpu)"
        )
    }
    func need(_ free: String, _ needed: String) -> String {
        self.text("\(free) (need \(needed))", "\(free) (需要 \(needed))")
    }
    func memory(_ memory: String) -> String { self.text("  mem \(memory)", "  内存 \(memory)") }
    func processorsEach(_ free: String, _ needed: String) -> String {
        self.text("cpu \(free) free, need \(needed) each", "CPU 空闲 \(free)，每个需要 \(needed)")
    }
    func memoryEach(_ free: String, _ needed: String) -> String {
        self.text("mem \(free) free, need \(needed) each", "内存空闲 \(free)，每个需要 \(needed)")
    }
    func fit(_ placed: UInt32, of wanted: UInt32, _ details: [String]) -> String {
        let text = details.isEmpty ? "" : " (\(details.joined(separator: self.text("; ", "；"))))"
        return placed == wanted
            ? self.text("Room: \(placed) more fit\(text)  ok", "余量: 还可容纳 \(placed) 个\(text)  ok")
            : self.text(
                "Room: \(placed) of \(wanted) fit\(text)",
                "余量: 可容纳 \(placed)/\(wanted) 个\(text)"
            )
    }

    func morePending(_ count: UInt32) -> String {
        self.text(
            "\(self.tasks(count)) more will stay PENDING.",
            "另有 \(self.tasks(count))将停留在 PENDING。"
        )
    }
    func whileItMoves(_ change: String) -> String {
        self.text("\(change) while it moves", "迁移期间 \(change)")
    }
    func moreMove(_ count: Int) -> String {
        self.text("and \(count) more services move", "另有 \(count) 个服务迁移")
    }
    var cutShort: String {
        self.text(
            "Cut short: there are more tasks than a preview looks at.",
            "已截断: 任务数超出预览所检查的范围。"
        )
    }

    /// Why tasks stay PENDING.
    func pending(_ pending: SwarmdPreviewPending) -> String {
        let slot = pending.slots.first.map { "\($0)" } ?? self.text("node", "节点")
        let name =
            pending.tasks == 1
            ? "\(pending.serviceName).\(slot)"
            : self.text(
                "\(pending.tasks) of \(pending.serviceName)",
                "\(pending.serviceName) 的 \(pending.tasks) 个任务"
            )
        let (host, reason) = (pending.hostname, pending.reason)
        guard !host.isEmpty else {
            return self.text(
                "\(name) will stay PENDING: \(reason)",
                "\(name) 将停留在 PENDING: \(reason)"
            )
        }
        guard !pending.constraints.isEmpty else {
            return self.text(
                "\(name) will stay PENDING until \(host) is active again (\(reason))",
                "\(name) 将停留在 PENDING，直到 \(host) 重新启用 (\(reason))"
            )
        }
        let constraints = pending.constraints.joined(separator: ", ")
        return self.text(
            "\(name) \(pending.tasks == 1 ? "has" : "have") \(constraints): "
                + "will stay PENDING until \(host) is active again (\(reason))",
            "\(name) 的约束为 \(constraints): 将停留在 PENDING，直到 \(host) 重新启用 (\(reason))"
        )
    }

    func goesOnVoting(_ quorum: Quorum) -> String {
        self.text(
            "It is a manager and goes on to vote: \(self.quorum(quorum)).",
            "它是管理节点，将继续投票: \(self.quorum(quorum))。"
        )
    }
    func quorumChange(_ change: String) -> String { self.text("Quorum: \(change)", "法定人数: \(change)") }
}
