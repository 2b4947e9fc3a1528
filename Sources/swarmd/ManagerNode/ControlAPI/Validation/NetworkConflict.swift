import Allocation
import GRPCCore
import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// What speaks against a network as long as the store is as it is (SwarmKit `controlapi/network.go`).
enum NetworkConflict {
    /// Refuses a second ingress network, and addresses and tunnel numbers that another network has.
    ///
    /// SwarmKit takes the latter in and never allocates the network.
    static func checkNew(_ spec: SwarmNetworkSpec, in state: StoreState) throws(RPCError) {
        if spec.ingress, let other = state.ingressNetwork {
            throw RPCError(
                code: .alreadyExists,
                message: "ingress network (\(other.id)) is already present"
            )
        }
        let new = SwarmNetwork.with { $0.spec = spec }
        guard !new.isNodeLocal else { return }
        let blocks = spec.ipam.configs.compactMap { AddressBlock($0.subnet) }
        let numbers = VXLANList.parse(spec.driverConfig.options[VXLANList.key] ?? "") ?? []
        for other in state.networks.all where !other.isNodeLocal {
            let name = other.spec.annotations.name
            // One that was just created has its subnets in the spec only.
            let configs = other.hasIpam ? other.ipam.configs : other.spec.ipam.configs
            for theirs in configs.compactMap({ AddressBlock($0.subnet) }) {
                guard let ours = blocks.first(where: { $0.overlaps(theirs) }) else { continue }
                throw .precondition(
                    "ipam configuration: subnet \(ours) overlaps with \(theirs) of network \(name): "
                        + "choose another subnet"
                )
            }
            if let number = VXLANList.numbers(of: other).first(where: numbers.contains) {
                throw .precondition(
                    "driver option \(VXLANList.key): network \(name) has the number \(number): choose another"
                )
            }
        }
    }

    /// Refuses to remove what every node has, what services name, and what tasks may still use.
    static func checkRemoval(of network: SwarmNetwork, in state: StoreState) throws(RPCError) {
        let id = network.id
        if network.isPredefined && !network.isIngress {
            throw .precondition(
                "network \(id) (\(network.spec.annotations.name)) is a swarm predefined network and cannot be removed"
            )
        }
        guard !network.isIngress else { return try Self.checkIngressRemoval(in: state) }
        if let service = Self.user(of: network, in: state) {
            throw .precondition(
                "network \(id) is in use by service \(service.id) (\(service.spec.annotations.name))"
            )
        }
        if let task = state.tasks.find(.network(id)).first(where: { Self.mayUse($0, in: state) }) {
            throw .precondition("network \(id) is in use by task \(task.id)")
        }
    }

    private static func checkIngressRemoval(in state: StoreState) throws(RPCError) {
        let users = state.services.unordered.filter(\.spec.needsIngress)
        guard let service = users.min(by: { $0.id < $1.id }) else { return }
        throw .precondition(
            "ingress network cannot be removed because service \(service.id) depends on it "
                + "(\(service.spec.annotations.name))"
        )
    }

    private static func user(of network: SwarmNetwork, in state: StoreState) -> SwarmService? {
        if let service = state.services.find(.network(network.id)).first { return service }
        return state.services.unordered.filter { service in
            service.spec.networks.contains { $0.target == network.id }
        }.min { $0.id < $1.id }
    }

    /// Whether the task runs on the network, or will.
    ///
    /// A task that is told to stop counts until it has stopped: SwarmKit lets the network go from under its container
    /// (moby/moby 37338). It does not count where nobody can stop it, on a node that is down or gone.
    private static func mayUse(_ task: SwarmTask, in state: StoreState) -> Bool {
        guard task.status.state.rawValue <= SwarmTaskState.running.rawValue else { return false }
        if task.desiredState.rawValue <= SwarmTaskState.running.rawValue { return true }
        guard let node = state.nodes[task.nodeID] else { return false }
        return node.status.state != .down && task.status.state.rawValue >= SwarmTaskState.assigned.rawValue
    }
}
