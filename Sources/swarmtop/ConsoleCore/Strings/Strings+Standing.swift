/// A node that is no manager any more.
extension Strings {
    func standing(_ standing: Standing) -> String? {
        switch standing {
        case .manager: nil
        case .worker: self.text("NO MANAGER", "非管理节点")
        case .removed: self.text("REMOVED", "已移除")
        }
    }

    /// What an operator can do, in a line of so many columns; nil for a manager.
    func advice(_ standing: Standing, columns: Int) -> String? {
        switch standing {
        case .manager: nil
        case .worker where columns < 110:
            self.text(
                "This node is no manager now: run swarmtop on one, or promote it there",
                "本节点已非管理节点: 请在管理节点上运行 swarmtop, 或在那里提升它"
            )
        case .worker:
            self.text(
                "This node is no manager now: run swarmtop on a manager, or promote it there with swarmd node promote",
                "本节点已非管理节点: 请在管理节点上运行 swarmtop, 或在那里用 swarmd node promote 提升它"
            )
        case .removed where columns < 110:
            self.text(
                "The cluster removed this node: swarmd leave --force lets it join again",
                "集群已移除本节点: swarmd leave --force 后可重新加入"
            )
        case .removed:
            self.text(
                "The cluster removed this node: swarmd leave --force makes it ready to join again, or another cluster",
                "集群已移除本节点: swarmd leave --force 之后可重新加入本集群或其他集群"
            )
        }
    }
}
