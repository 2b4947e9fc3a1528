import Allocation
import GRPCCore
import Orchestration
import StoreCore
import SwarmAPI

/// Whether what a service's spec refers to is there.
enum ReferenceValidation {
    /// Checks secrets, configs and networks (SwarmKit `controlapi/service.go`, `checkSecretExistence`,
    /// `checkConfigExistence`, `validateNetworks`).
    static func check(_ spec: SwarmServiceSpec, in state: StoreState) throws(RPCError) {
        try Self.checkNetworks(of: spec, in: state)
        if let fault = ServiceDependencies.fault(in: spec, on: state) {
            throw .invalid("labels: \(ServiceDependencies.label): \(fault)")
        }
        guard case .container(let container)? = spec.task.runtime else { return }
        let secrets = container.secrets.filter {
            state.secrets[$0.secretID]?.spec.annotations.name != $0.secretName
        }
        try Self.refuse("secret", secrets.map(\.secretName))
        let configs = container.configs.filter {
            state.configs[$0.configID]?.spec.annotations.name != $0.configName
        }
        try Self.refuse("config", configs.map(\.configName))
    }

    private static func refuse(_ kind: String, _ missing: [String]) throws(RPCError) {
        guard !missing.isEmpty else { return }
        let noun = missing.count == 1 ? kind : kind + "s"
        throw .invalid("\(noun) not found: \(missing.joined(separator: ", "))")
    }

    /// The spec with the networks' identifiers where their names stand: what is in use is known by those.
    static func resolved(_ spec: SwarmServiceSpec, in state: StoreState) -> SwarmServiceSpec {
        var resolved = spec
        for index in spec.task.networks.indices {
            let target = spec.task.networks[index].target
            guard state.networks[target] == nil, let network = state.networks.named(target) else { continue }
            resolved.task.networks[index].target = network.id
        }
        return resolved
    }

    /// The ingress network is the mesh's own, and a service that publishes a port needs it to be there.
    private static func checkNetworks(of spec: SwarmServiceSpec, in state: StoreState) throws(RPCError) {
        let missing = spec.task.networks.map(\.target).filter { target in
            state.networks[target] == nil && state.networks.named(target) == nil
        }
        try Self.refuse("network", missing)
        for attachment in spec.task.networks {
            guard let network = state.networks[attachment.target] ?? state.networks.named(attachment.target),
                network.isIngress
            else { continue }
            throw .invalid(
                "Service cannot be explicitly attached to the ingress network "
                    + "\"\(network.spec.annotations.name)\""
            )
        }
        if spec.needsIngress && state.ingressNetwork == nil {
            throw .precondition(
                "service needs ingress network, but no ingress network is present"
            )
        }
    }
}
