import Primitives
import SwarmAPI

/// What uses a network: the services that are attached, their tasks, and nodes.
struct NetworkUse: Sendable {
    let network: SwarmNetwork
    /// Services with an address in the network, or whose tasks have one, ordered by name.
    let services: [SwarmService]
    /// Tasks that hold an address, ordered by id.
    let tasks: [SwarmTask]
    let nodes: [SwarmNode]

    init(
        of network: SwarmNetwork,
        by services: [SwarmService],
        _ tasks: [SwarmTask] = [],
        _ nodes: [SwarmNode] = []
    ) {
        self.network = network
        self.services = services.filter { service in
            let configs =
                service.spec.task.networks.isEmpty ? service.spec.networks : service.spec.task.networks
            return configs.contains { $0.target == network.id }
                || service.endpoint.virtualIps.contains { $0.networkID == network.id }
        }.sorted { ($0.spec.annotations.name, $0.id) < ($1.spec.annotations.name, $1.id) }
        self.tasks = tasks.filter { task in
            task.status.state.rawValue <= SwarmTaskState.running.rawValue
                && task.networks.contains { $0.network.id == network.id }
        }.sorted { $0.id < $1.id }
        self.nodes = nodes.filter { node in node.attachments.contains { $0.network.id == network.id } }
            .sorted { ($0.description_p.hostname, $0.id) < ($1.description_p.hostname, $1.id) }
    }

    func matches(_ filters: Filters) -> Bool {
        let isBuiltIn =
            self.network.spec.annotations.labels["com.docker.swarm.predefined"] == "true"
            || self.network.spec.ingress
        return filters.pass("id") { self.network.id.hasPrefix($0) }
            && filters.pass("name") { self.network.spec.annotations.name.hasPrefix($0) }
            && filters.pass("driver") { NetworkListing.driver(of: self.network) == $0 }
            && filters.passLabels("label", self.network.spec.annotations.labels)
            && filters.pass("scope") { $0 == "swarm" }
            && filters.pass("type") { ($0 == "builtin") == isBuiltIn }
            && filters.pass("dangling") { ($0 == "true") == (self.services.isEmpty && !isBuiltIn) }
    }

    /// The addresses that services, tasks and nodes have in the network.
    var addresses: [IPAddress] {
        var texts = self.services.flatMap(\.endpoint.virtualIps).filter { $0.networkID == self.network.id }
            .map(\.addr)
        for attachments in self.tasks.map(\.networks) + self.nodes.map(\.attachments) {
            texts += attachments.filter { $0.network.id == self.network.id }.flatMap(\.addresses)
        }
        return texts.compactMap { AddressBlock.parts(of: $0)?.address }
    }
}
