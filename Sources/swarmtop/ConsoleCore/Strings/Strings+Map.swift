/// The picture of tasks' lives.
extension Strings {
    func lifeCycle(service: String) -> String {
        self.text("Life cycle (\(service))", "生命周期 (\(service))")
    }
    func lifeCycle(node: String) -> String {
        self.text("Life cycle (node \(node))", "生命周期 (节点 \(node))")
    }
    var lifeCycle: String { self.text("Life cycle (all services)", "生命周期 (所有服务)") }
    /// Who acts next, above the columns of the small picture, which are 7 apart; spans stand around the agent.
    func actors(span: String) -> String {
        self.text("orch   alloc  sched  agent  \(span)", "编排   分配   调度   代理   \(span)")
    }
    func want(_ counts: String) -> String { self.text("want: \(counts)", "期望: \(counts)") }
    var chooseState: String { self.text("<-/->: choose a state, Esc: all", "<-/->: 选择状态, Esc: 全部") }
    var orchestrator: String { self.text("orchestrator", "编排器") }
    var allocator: String { self.text("allocator", "分配器") }
    var scheduler: String { self.text("scheduler", "调度器") }
    var agent: String { self.text("agent", "代理") }
    func longest(_ age: String) -> String { self.text("max \(age)", "最长 \(age)") }
    var desired: String { self.text("desired:", "期望状态:") }
}
