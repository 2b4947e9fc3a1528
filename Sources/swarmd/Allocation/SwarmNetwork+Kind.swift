package import StoreCore
package import SwarmAPI

/// What the rest of the cluster needs to know of a network's sort.
extension SwarmNetwork {
    /// The label of the networks that every node has of its own: host and bridge.
    package static let predefinedLabel = "com.docker.swarm.predefined"

    /// The driver of a network that names none.
    package static let defaultDriver = "overlay"

    /// Drivers whose networks each node makes for itself, so that the cluster gives out nothing for them.
    package static let nodeLocalDrivers: Set = ["host", "bridge", "macvlan", "ipvlan", "none", "null"]

    /// The driver, as the spec says or as it is by default.
    package var driverName: String {
        let name = self.spec.driverConfig.name
        if !name.isEmpty { return name }
        return self.isPredefined ? self.spec.annotations.name : Self.defaultDriver
    }

    /// Whether the cluster made it for a network that every node has anyway.
    package var isPredefined: Bool { self.spec.annotations.labels[Self.predefinedLabel] == "true" }

    /// Whether each node makes the network for itself.
    package var isNodeLocal: Bool { self.isPredefined || Self.nodeLocalDrivers.contains(self.driverName) }

    /// Whether it is the network of the routing mesh, by the spec or by the label of older clusters.
    package var isIngress: Bool {
        self.spec.ingress
            || (self.spec.annotations.labels["com.docker.swarm.internal"] != nil
                && self.spec.annotations.name == "ingress")
    }

    /// Whether it has what the allocator gives a network (SwarmKit: neither `driver_state` nor `ipam` is nil).
    package var isAllocated: Bool { !self.driverState.name.isEmpty && self.hasIpam }

    /// The blocks that its addresses come from, in order; none for a network that each node makes for itself.
    package var pools: [AddressPool] {
        guard !self.isNodeLocal else { return [] }
        return self.ipam.configs.compactMap(AddressPool.init)
    }
}

extension SwarmServiceSpec {
    /// The networks that its tasks are attached to: those of the task, else those of the old list.
    package var attachedNetworks: [SwarmNetworkAttachmentConfig] {
        self.task.networks.isEmpty ? self.networks : self.task.networks
    }

    /// Whether the routing mesh has to bring traffic to its tasks.
    package var needsIngress: Bool { self.endpoint.ports.contains { $0.publishMode == .ingress } }
}

extension StoreState {
    /// The network of the routing mesh; the first to be allocated, should there be two.
    package var ingressNetwork: SwarmNetwork? {
        self.networks.unordered.filter(\.isIngress).min {
            ($0.isAllocated ? 0 : 1, $0.id) < ($1.isAllocated ? 0 : 1, $1.id)
        }
    }
}
