import ControlClient
import SwarmAPI
import SwiftProtobuf

/// Reads `--secret` and `--config`: `NAME`, or `source=NAME,target=FILE,uid=0,gid=0,mode=0444`.
enum PayloadReferenceFlag {
    /// What tasks get where nothing else is asked for: root's, and readable by all.
    private static let owner = "0"
    private static let mode: UInt32 = 0o444
    /// The permissions that a file can have.
    private static let modes: ClosedRange<UInt32> = 0...0o7777

    static func parse(
        _ text: String,
        flag: String
    ) throws(CommandError) -> (source: String, file: SwarmFileTarget) {
        var source = ""
        var file = SwarmFileTarget.with {
            $0.uid = Self.owner
            $0.gid = Self.owner
            $0.mode = Self.mode
        }
        if text.contains("=") || text.contains(",") {
            for (key, value) in try FieldList(text, flag: flag).fields {
                guard let value else { throw .flag(flag, text, "field \"\(key)\" has no value") }
                switch key {
                case "source", "src": source = value
                case "target": file.name = value
                case "uid": file.uid = try Self.owner(value, key, in: text, flag: flag)
                case "gid": file.gid = try Self.owner(value, key, in: text, flag: flag)
                case "mode": file.mode = try Self.mode(value, in: text, flag: flag)
                default:
                    throw .flag(
                        flag,
                        text,
                        "unknown field \"\(key)\": the fields are source, target, uid, gid and mode"
                    )
                }
            }
        } else {
            source = text
        }
        guard !source.isEmpty else { throw .flag(flag, text, "the source is missing") }
        if file.name.isEmpty { file.name = source }
        return (source, file)
    }

    private static func owner(
        _ value: String,
        _ key: String,
        in text: String,
        flag: String
    ) throws(CommandError) -> String {
        guard let number = UInt32(value) else { throw .flag(flag, text, "\(key) is a number") }
        return String(number)
    }

    /// Docker reads the number as Go's source text: octal after a zero, else decimal.
    private static func mode(_ value: String, in text: String, flag: String) throws(CommandError) -> UInt32 {
        let number: UInt32? =
            if value.hasPrefix("0o") {
                UInt32(value.dropFirst(2), radix: 8)
            } else {
                UInt32(value, radix: value.hasPrefix("0") ? 8 : 10)
            }
        guard let number, Self.modes.contains(number) else {
            throw .flag(flag, text, "mode is a file's permissions, as in 0440")
        }
        return number
    }
}

/// The identifiers behind the names of secrets and configs in a spec.
enum PayloadReferences {
    /// `spec` with the identifiers that are missing in it; every name that means nothing is told.
    static func resolved(
        _ spec: SwarmServiceSpec,
        _ client: ControlClient
    ) async throws -> SwarmServiceSpec {
        guard case .container(var container)? = spec.task.runtime else { return spec }
        let secrets = container.secrets.filter(\.secretID.isEmpty).map(\.secretName)
        let configs = container.configs.filter(\.configID.isEmpty).map(\.configName)
        guard !secrets.isEmpty || !configs.isEmpty else { return spec }
        let foundSecrets = secrets.isEmpty ? [] : try await client.secrets(.with { $0.names = secrets })
        let foundConfigs = configs.isEmpty ? [] : try await client.configs(.with { $0.names = configs })
        let secretIDs = Dictionary(foundSecrets.map { ($0.spec.annotations.name, $0.id) }) { first, _ in first
        }
        let configIDs = Dictionary(foundConfigs.map { ($0.spec.annotations.name, $0.id) }) { first, _ in first
        }
        let missing =
            secrets.filter { secretIDs[$0] == nil }.map { "secret: \($0): `swarmd secret ls` lists them" }
            + configs.filter { configIDs[$0] == nil }.map { "config: \($0): `swarmd config ls` lists them" }
        guard missing.isEmpty else {
            throw CommandError(missing.map { "no such \($0)" }.joined(separator: "; "))
        }
        for index in container.secrets.indices where container.secrets[index].secretID.isEmpty {
            container.secrets[index].secretID = secretIDs[container.secrets[index].secretName] ?? ""
        }
        for index in container.configs.indices where container.configs[index].configID.isEmpty {
            container.configs[index].configID = configIDs[container.configs[index].configName] ?? ""
        }
        var spec = spec
        spec.task.container = container
        return spec
    }
}
