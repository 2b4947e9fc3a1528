import ControlClient
import SwarmAPI
import SwiftProtobuf

/// What the commands of secrets and those of configs differ in.
protocol PayloadKind: Sendable {
    associatedtype Object: Sendable

    /// The noun, as it is typed.
    static var word: String { get }
    static var columns: [Listing.Column] { get }

    static func list(_ client: ControlClient) async throws -> [Object]
    static func find(_ name: String, _ client: ControlClient) async throws -> Object
    static func update(_ object: Object, _ client: ControlClient) async throws
    static func remove(_ id: String, _ client: ControlClient) async throws

    static func id(of object: Object) -> String
    static func meta(of object: Object) -> SwarmMeta
    static func annotations(of object: Object) -> SwarmAnnotations
    static func set(labels: [String: String], of object: inout Object)
    /// What the object's row shows between its name and its dates.
    static func cells(of object: Object) -> [String]
    static func json(_ object: Object) -> JSON
    static func pretty(_ object: Object) -> [String]
}

/// Secrets: nobody but tasks gets to see what they hold.
enum SecretKind: PayloadKind {
    /// The managers take fewer bytes than this (SwarmKit `api/validation`).
    static let bytes = 500 * 1024

    static let word = "secret"
    static let columns: [Listing.Column] = [
        .init(key: "ID", heading: "ID"), .init(key: "Name", heading: "NAME"),
        .init(key: "Driver", heading: "DRIVER"), .init(key: "CreatedAt", heading: "CREATED"),
        .init(key: "UpdatedAt", heading: "UPDATED"), .init(key: "Labels", heading: nil),
    ]

    static func list(_ client: ControlClient) async throws -> [SwarmSecret] { try await client.secrets() }
    static func find(_ name: String, _ client: ControlClient) async throws -> SwarmSecret {
        try await client.secret(named: name)
    }
    static func update(_ object: SwarmSecret, _ client: ControlClient) async throws {
        _ = try await client.update(object)
    }
    static func remove(_ id: String, _ client: ControlClient) async throws {
        try await client.removeSecret(id: id)
    }

    static func id(of object: SwarmSecret) -> String { object.id }
    static func meta(of object: SwarmSecret) -> SwarmMeta { object.meta }
    static func annotations(of object: SwarmSecret) -> SwarmAnnotations { object.spec.annotations }
    static func set(labels: [String: String], of object: inout SwarmSecret) {
        object.spec.annotations.labels = labels
    }
    static func cells(of object: SwarmSecret) -> [String] { [object.spec.driver.name] }
    static func json(_ object: SwarmSecret) -> JSON { DockerJSON.secret(object) }
    static func pretty(_ object: SwarmSecret) -> [String] { PayloadText.secret(object) }
}

/// Configs: as secrets, but everybody may see them.
enum ConfigKind: PayloadKind {
    /// The managers take fewer bytes than this (SwarmKit `controlapi/config.go`).
    static let bytes = 1000 * 1024

    static let word = "config"
    static let columns: [Listing.Column] = [
        .init(key: "ID", heading: "ID"), .init(key: "Name", heading: "NAME"),
        .init(key: "CreatedAt", heading: "CREATED"), .init(key: "UpdatedAt", heading: "UPDATED"),
        .init(key: "Labels", heading: nil),
    ]

    static func list(_ client: ControlClient) async throws -> [SwarmConfig] { try await client.configs() }
    static func find(_ name: String, _ client: ControlClient) async throws -> SwarmConfig {
        try await client.config(named: name)
    }
    static func update(_ object: SwarmConfig, _ client: ControlClient) async throws {
        _ = try await client.update(object)
    }
    static func remove(_ id: String, _ client: ControlClient) async throws {
        try await client.removeConfig(id: id)
    }

    static func id(of object: SwarmConfig) -> String { object.id }
    static func meta(of object: SwarmConfig) -> SwarmMeta { object.meta }
    static func annotations(of object: SwarmConfig) -> SwarmAnnotations { object.spec.annotations }
    static func set(labels: [String: String], of object: inout SwarmConfig) {
        object.spec.annotations.labels = labels
    }
    static func cells(of object: SwarmConfig) -> [String] { [] }
    static func json(_ object: SwarmConfig) -> JSON { DockerJSON.config(object) }
    static func pretty(_ object: SwarmConfig) -> [String] { PayloadText.config(object) }
}
