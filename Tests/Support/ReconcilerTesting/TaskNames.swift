import StoreCore
import SwarmAPI

/// Names for tasks that do not depend on chance: `web.1`, and `web.1#2` for the second task of the slot.
struct TaskNames {
    private var names: [String: String] = [:]
    private var ids: [String: String] = [:]
    private var counts: [String: Int] = [:]

    /// The identifier of the task that is called `name`.
    ///
    /// `web.1` alone is the newest task of the slot, `web.1#1` its first.
    func id(of name: String) -> String? {
        if name.contains("#") { return self.ids[name.hasSuffix("#1") ? String(name.dropLast(2)) : name] }
        let count = self.counts[name] ?? 0
        return self.ids[count > 1 ? "\(name)#\(count)" : name]
    }

    mutating func name(of task: SwarmTask, on state: StoreState) -> String {
        if let name = self.names[task.id] { return name }
        let service = state.services[task.serviceID]?.spec.annotations.name
        let place = task.slot == 0 ? task.nodeID : String(task.slot)
        let base = service.map { "\($0).\(place)" } ?? task.id
        self.counts[base, default: 0] += 1
        let count = self.counts[base, default: 0]
        let name = count > 1 ? "\(base)#\(count)" : base
        self.names[task.id] = name
        self.ids[name] = task.id
        return name
    }

    /// The text with tasks' names in place of their identifiers.
    func named(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let id = word.filter { $0 != "\"" }
            return self.names[id].map { word.hasSuffix("\"") ? $0 + "\"" : $0 } ?? String(word)
        }.joined(separator: " ")
    }

    mutating func describe(_ edit: StoreEdit, on state: StoreState) -> String {
        switch edit {
        case .create(.task(let task)):
            "create \(self.name(of: task, on: state)) \(task.changes(from: SwarmTask()))"
        case .update(.task(let task)), .assign(let task):
            "\(self.name(of: task, on: state)) \(task.changes(from: state.tasks[task.id] ?? SwarmTask()))"
        case .update(.service(let service)):
            "service \(service.spec.annotations.name) "
                + self.named(service.changes(from: state.services[service.id] ?? SwarmService()))
        case .update(.network(let network)):
            "network \(network.spec.annotations.name) "
                + network.changes(from: state.networks[network.id] ?? SwarmNetwork())
        case .update(.node(let node)): "node \(node.id) attachments=\(node.attachments.text)"
        case .remove(.task, let id): "remove \(self.names[id] ?? id)"
        default: "\(edit)"
        }
    }
}

extension SwarmTask {
    fileprivate func changes(from old: SwarmTask) -> String {
        var parts: [String] = []
        if self.desiredState != old.desiredState { parts.append("desired=\(self.desiredState)") }
        if self.status.state != old.status.state { parts.append("state=\(self.status.state)") }
        if self.nodeID != old.nodeID { parts.append("node=\(self.nodeID)") }
        if self.networks != old.networks {
            parts.append("networks=\(self.networks.text)")
        }
        if self.assignedGenericResources != old.assignedGenericResources {
            parts.append("holds=" + self.assignedGenericResources.map(\.text).joined(separator: ","))
        }
        if self.endpoint.ports != old.endpoint.ports {
            parts.append("ports=" + self.endpoint.ports.map { "\($0.publishedPort)" }.joined(separator: ","))
        }
        if self.status.message != old.status.message { parts.append("\"\(self.status.message)\"") }
        if self.status.err != old.status.err { parts.append("err=\"\(self.status.err)\"") }
        return parts.joined(separator: " ")
    }
}

extension SwarmService {
    fileprivate func changes(from old: SwarmService) -> String {
        var parts: [String] = []
        if self.updateStatus != old.updateStatus { parts.append("update=\(self.updateStatus.state)") }
        let plain: [SwarmUpdateStatus.UpdateState] = [.updating, .completed]
        if self.updateStatus != old.updateStatus, !plain.contains(self.updateStatus.state) {
            parts.append("\"\(self.updateStatus.message)\"")
        }
        if self.jobStatus != old.jobStatus { parts.append("run=\(self.jobStatus.jobIteration.index)") }
        if self.endpoint.virtualIps != old.endpoint.virtualIps {
            let addresses = self.endpoint.virtualIps.map { "\($0.networkID.networkName):\($0.addr)" }
            parts.append("vips=" + addresses.joined(separator: ","))
        }
        if self.endpoint.ports != old.endpoint.ports || self.endpoint.spec != old.endpoint.spec {
            parts.append(
                "endpoint=" + self.endpoint.ports.map { "\($0.publishedPort)" }.joined(separator: ",")
            )
        }
        return parts.joined(separator: " ")
    }
}

extension SwarmGenericResource {
    fileprivate var text: String {
        switch self.resource {
        case .namedResourceSpec(let part): "\(part.kind):\(part.value)"
        case .discreteResourceSpec(let part): "\(part.kind):\(part.value)"
        case nil: ""
        }
    }
}

extension SwarmNetwork {
    /// The key under which the overlay driver keeps the numbers of its tunnels.
    static let vxlanKey = "com.docker.network.driver.overlay.vxlanid_list"

    fileprivate func changes(from old: SwarmNetwork) -> String {
        var parts: [String] = []
        if self.driverState.name != old.driverState.name { parts.append("driver=\(self.driverState.name)") }
        if self.ipam != old.ipam {
            parts += self.ipam.configs.map { "subnet=\($0.subnet) gateway=\($0.gateway)" }
        }
        let numbers = self.driverState.options[Self.vxlanKey]
        if let numbers, numbers != old.driverState.options[Self.vxlanKey] { parts.append("vxlan=\(numbers)") }
        let others = self.driverState.options.filter { $0.key != Self.vxlanKey }.sorted { $0.key < $1.key }
        if self.driverState != old.driverState { parts += others.map { "\($0.key)=\($0.value)" } }
        return parts.joined(separator: " ")
    }
}

extension [SwarmNetworkAttachment] {
    /// The networks with their addresses: `ingress:10.0.0.2/24,host`.
    fileprivate var text: String {
        self.map { attachment in
            ([attachment.network.id.networkName] + attachment.addresses).joined(separator: ":")
        }.joined(separator: ",")
    }
}

extension String {
    /// The name in an identifier that scripts give a network.
    fileprivate var networkName: String { self.hasPrefix("network-") ? String(self.dropFirst(8)) : self }
}
