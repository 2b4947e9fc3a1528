import SwarmAPI

/// A plugin that a task needs on its node: a volume driver, a network driver or a log driver.
///
/// A node that reports no plugin of the type at all does not say what it has, so it passes: SwarmKit makes this
/// exception for log drivers only (`manager/scheduler/filter.go`), but Docker's nodes report the other types
/// always, and nodes that run plain processes report none.
struct PluginWish: Sendable, Hashable {
    let type: String
    let name: String

    /// The plugins that `task` needs: its volumes' drivers, its networks' and its logs'.
    static func wishes(of task: SwarmTask) -> [PluginWish] {
        var wishes: [PluginWish] = []
        if case .container(let container)? = task.spec.runtime {
            for mount in container.mounts where mount.type == .volume && mount.volumeOptions.hasDriverConfig {
                let driver = mount.volumeOptions.driverConfig.name
                if !driver.isEmpty, driver != "local" {
                    wishes.append(PluginWish(type: "Volume", name: driver))
                }
            }
        }
        for attachment in task.networks where !attachment.network.driverState.name.isEmpty {
            wishes.append(PluginWish(type: "Network", name: attachment.network.driverState.name))
        }
        let log = task.spec.logDriver.name
        if !log.isEmpty, log != "none" { wishes.append(PluginWish(type: "Log", name: log)) }
        return wishes
    }

    /// Whether the node has the plugin; `latest` is a plugin's tag where none is written.
    func isMet(by record: NodeRecord) -> Bool {
        guard record.node.description_p.hasEngine else { return true }
        let names = record.node.description_p.engine.plugins.lazy.filter { $0.type == self.type }.map(\.name)
        guard !names.isEmpty else { return true }
        return names.contains { $0 == self.name || $0 == self.name + ":latest" }
    }
}
