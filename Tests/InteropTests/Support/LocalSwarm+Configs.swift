import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

extension LocalSwarm {
    /// Writes one config by way of the manager `manager`.
    func writeConfig(_ name: String, bytes: Int, to manager: String = "manager") async throws {
        try await self.withClient(of: manager) { client in
            _ = try await client.control.createConfig(
                .with {
                    $0.spec.annotations.name = name
                    $0.spec.data = Data(repeating: UInt8(truncatingIfNeeded: name.count), count: bytes)
                }
            )
        }
    }

    /// The configs that the manager `manager` has.
    func configs(on manager: String = "manager") async throws -> [SwarmConfig] {
        var configs: [SwarmConfig] = []
        try await self.withClient(of: manager) { client in
            let options = ControlClient.requestOptions
            configs = try await client.control.listConfigs(.init(), options: options).configs
        }
        return configs
    }

    /// Their names, sorted.
    func configNames(on manager: String = "manager") async throws -> [String] {
        try await self.configs(on: manager).map(\.spec.annotations.name).sorted()
    }
}
