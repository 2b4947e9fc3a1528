package import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// Secrets and configs: what tasks find as files.
extension ControlClient {
    /// The secrets that meet any one of the filters' names and beginnings, without what they hold.
    package func secrets(_ filters: SwarmListSecretsRequest.Filters) async throws -> [SwarmSecret] {
        let request = SwarmListSecretsRequest.with { $0.filters = filters }
        return try await self.call { try await $0.listSecrets(request, options: $1) }.secrets
    }

    /// The configs that meet any one of the filters' names and beginnings.
    package func configs(_ filters: SwarmListConfigsRequest.Filters) async throws -> [SwarmConfig] {
        let request = SwarmListConfigsRequest.with { $0.filters = filters }
        return try await self.call { try await $0.listConfigs(request, options: $1) }.configs
    }

    /// Finds a secret by id, name or start of its id.
    package func secret(named text: String) async throws -> SwarmSecret {
        let found = try await self.secrets(
            .with {
                $0.names = [text]
                $0.idPrefixes = [text]
            }
        )
        return try Lookup.pick(text, kind: "secret", from: found, id: \.id, name: \.spec.annotations.name)
    }

    /// Finds a config by id, name or start of its id.
    package func config(named text: String) async throws -> SwarmConfig {
        let found = try await self.configs(
            .with {
                $0.names = [text]
                $0.idPrefixes = [text]
            }
        )
        return try Lookup.pick(text, kind: "config", from: found, id: \.id, name: \.spec.annotations.name)
    }

    /// Creates a secret; the answer is without what it holds.
    package func create(_ spec: SwarmSecretSpec) async throws -> SwarmSecret {
        let request = SwarmCreateSecretRequest.with { $0.spec = spec }
        return try await self.call { try await $0.createSecret(request, options: $1) }.secret
    }

    /// Creates a config.
    package func create(_ spec: SwarmConfigSpec) async throws -> SwarmConfig {
        let request = SwarmCreateConfigRequest.with { $0.spec = spec }
        return try await self.call { try await $0.createConfig(request, options: $1) }.config
    }

    /// Gives a secret the labels that `secret` holds; refused when it changed since it was read.
    package func update(_ secret: SwarmSecret) async throws -> SwarmSecret {
        let request = SwarmUpdateSecretRequest.with {
            $0.secretID = secret.id
            $0.secretVersion = secret.meta.version
            $0.spec = secret.spec
        }
        return try await self.call { try await $0.updateSecret(request, options: $1) }.secret
    }

    /// Gives a config the labels that `config` holds; refused when it changed since it was read.
    package func update(_ config: SwarmConfig) async throws -> SwarmConfig {
        let request = SwarmUpdateConfigRequest.with {
            $0.configID = config.id
            $0.configVersion = config.meta.version
            $0.spec = config.spec
        }
        return try await self.call { try await $0.updateConfig(request, options: $1) }.config
    }

    /// Removes the secret with this id; refused while a service uses it.
    package func removeSecret(id: String) async throws {
        _ = try await self.call { try await $0.removeSecret(.with { $0.secretID = id }, options: $1) }
    }

    /// Removes the config with this id; refused while a service uses it.
    package func removeConfig(id: String) async throws {
        _ = try await self.call { try await $0.removeConfig(.with { $0.configID = id }, options: $1) }
    }
}
