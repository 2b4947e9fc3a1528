package import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// Single objects, and the kinds that few commands list.
extension ControlClient {
    /// The node with this id.
    package func node(id: String) async throws -> SwarmNode {
        try await self.call { try await $0.getNode(.with { $0.nodeID = id }, options: $1) }.node
    }

    /// The task with this id.
    package func task(id: String) async throws -> SwarmTask {
        try await self.call { try await $0.getTask(.with { $0.taskID = id }, options: $1) }.task
    }

    /// The network with this id.
    package func network(id: String) async throws -> SwarmNetwork {
        try await self.call { try await $0.getNetwork(.with { $0.networkID = id }, options: $1) }.network
    }

    /// The secret with this id, without what it holds.
    package func secret(id: String) async throws -> SwarmSecret {
        try await self.call { try await $0.getSecret(.with { $0.secretID = id }, options: $1) }.secret
    }

    /// The config with this id.
    package func config(id: String) async throws -> SwarmConfig {
        try await self.call { try await $0.getConfig(.with { $0.configID = id }, options: $1) }.config
    }

    /// All networks.
    package func networks() async throws -> [SwarmNetwork] {
        try await self.call { try await $0.listNetworks(.init(), options: $1) }.networks
    }

    /// Creates a network and returns it, as a rule before it has its addresses.
    package func create(_ spec: SwarmNetworkSpec) async throws -> SwarmNetwork {
        try await self.call { try await $0.createNetwork(.with { $0.spec = spec }, options: $1) }.network
    }

    /// Removes the network with this id.
    package func removeNetwork(id: String) async throws {
        _ = try await self.call { try await $0.removeNetwork(.with { $0.networkID = id }, options: $1) }
    }

    /// All secrets, without what they hold.
    package func secrets() async throws -> [SwarmSecret] {
        try await self.call { try await $0.listSecrets(.init(), options: $1) }.secrets
    }

    /// All configs.
    package func configs() async throws -> [SwarmConfig] {
        try await self.call { try await $0.listConfigs(.init(), options: $1) }.configs
    }
}
