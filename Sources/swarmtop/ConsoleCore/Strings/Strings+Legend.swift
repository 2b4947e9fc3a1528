/// The legends of states and marks.
extension Strings {
    var states: String { self.text("States, in the order of life", "状态, 按生命周期顺序") }
    func legend(_ stage: Stage) -> String {
        switch stage {
        case .new:
            self.text("made by the orchestrator; waits for the allocator", "由编排器创建; 等待分配器")
        case .pending:
            self.text(
                "has its networks; waits for the scheduler to find a node",
                "网络已就绪; 等待调度器选择节点"
            )
        case .assigned: self.text("has a node; waits for its agent", "已有节点; 等待其代理")
        case .accepted: self.text("the agent has taken it", "代理已接受")
        case .preparing: self.text("the agent fetches the image", "代理正在拉取镜像")
        case .ready: self.text("may start as soon as it is told to", "可随时启动")
        case .starting: self.text("starts, or waits for its health check", "启动中, 或等待健康检查")
        case .running: self.text("runs", "运行中")
        case .complete: self.text("ended well", "正常结束")
        case .shutdown: self.text("stopped on request", "按要求停止")
        case .failed: self.text("ended badly", "异常结束")
        case .rejected: self.text("the node could not run it", "节点无法运行")
        case .remove:
            self.text("only desired: will be deleted once it has stopped", "仅为期望状态: 停止后删除")
        case .orphaned: self.text("its node has been down too long", "其节点离线过久")
        }
    }

    var marks: String { self.text("Marks", "标记") }
    var markHelp: [(mark: String, words: String)] {
        [
            (self.text("!  after a number", "!  在数字后"), self.text("needs attention", "需要关注")),
            (self.text("*  after a node", "*  在节点后"), self.text("the leader", "领导者")),
            (
                self.text("!  !!  after a time", "!  !!  在时间后"),
                self.text(
                    "a certificate ends within 30, within 7 days",
                    "证书将在 30 天内, 7 天内到期"
                )
            ),
        ]
    }
}
