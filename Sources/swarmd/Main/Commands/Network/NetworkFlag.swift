import ArgumentParser
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// Reads `--network`: a name or an id, or `name=front,alias=web,driver-opt=key=value`.
enum NetworkFlag {
    static func parse(_ text: String, flag: String) throws(CommandError) -> SwarmNetworkAttachmentConfig {
        guard text.contains("=") else {
            guard !text.isEmpty, !text.contains(",") else {
                throw .flag(flag, text, "give a network's name or id")
            }
            return .with { $0.target = text }
        }
        var config = SwarmNetworkAttachmentConfig()
        for (key, value) in try FieldList(text, flag: flag).fields {
            guard let value, !value.isEmpty else { throw .flag(flag, text, "field \"\(key)\" has no value") }
            switch key {
            case "name": config.target = value
            case "alias": config.aliases.append(value)
            case "ip": config.addresses.append(value)
            case "driver-opt":
                let (option, setting) = try Units.label(value, flag: flag)
                config.driverAttachmentOpts[option] = setting
            default: throw .flag(flag, text, "unknown field \"\(key)\": give name, alias, ip or driver-opt")
            }
        }
        guard !config.target.isEmpty else {
            throw .flag(flag, text, "the network is missing: give name=NETWORK")
        }
        return config
    }

    /// Puts the ids of `networks` where their names, or starts of ids, stand; one that is named twice counts once.
    static func resolve(
        _ configs: [SwarmNetworkAttachmentConfig],
        among networks: [SwarmNetwork]
    ) throws(ControlError) -> [SwarmNetworkAttachmentConfig] {
        var resolved: [SwarmNetworkAttachmentConfig] = []
        for var config in configs {
            config.target = try Self.id(config.target, among: networks)
            guard !resolved.contains(where: { $0.target == config.target }) else { continue }
            resolved.append(config)
        }
        return resolved
    }

    /// The id of the network that `text` means.
    static func id(_ text: String, among networks: [SwarmNetwork]) throws(ControlError) -> String {
        try Lookup.pick(text, kind: "network", from: networks, id: \.id, name: \.spec.annotations.name).id
    }
}

/// The flags of `service update` that attach tasks to networks and take them away.
struct NetworkUpdateFlags: ParsableArguments {
    @Option(
        parsing: .unconditionalSingleValue,
        help: "Attach the tasks to a network, or change how: NETWORK or name=NETWORK,alias=NAME."
    )
    var networkAdd: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Take the tasks from a network.") var networkRm:
        [String] = []

    /// Whether there is anything to change.
    var areGiven: Bool { !self.networkAdd.isEmpty || !self.networkRm.isEmpty }

    /// Refuses what cannot be read, before the daemon is asked for anything.
    func check() throws(CommandError) {
        for text in self.networkAdd { _ = try NetworkFlag.parse(text, flag: "--network-add") }
        for text in self.networkRm where text.isEmpty {
            throw .flag("--network-rm", text, "give a network's name or id")
        }
    }

    /// Changes the networks of `spec`, which are some of `networks`; one that is not attached cannot be taken away.
    func apply(to spec: inout SwarmServiceSpec, among networks: [SwarmNetwork]) throws {
        // A service that was made by an old client has its networks beside the task.
        var configs = spec.task.networks.isEmpty ? spec.networks : spec.task.networks
        for name in self.networkRm {
            let id = try NetworkFlag.id(name, among: networks)
            guard configs.contains(where: { $0.target == id }) else {
                throw CommandError.flag("--network-rm", name, "the service is not attached to it")
            }
            configs.removeAll { $0.target == id }
        }
        var added: [SwarmNetworkAttachmentConfig] = []
        for text in self.networkAdd { added.append(try NetworkFlag.parse(text, flag: "--network-add")) }
        for config in try NetworkFlag.resolve(added, among: networks) {
            if let place = configs.firstIndex(where: { $0.target == config.target }) {
                configs[place] = config
            } else {
                configs.append(config)
            }
        }
        spec.networks = []
        spec.task.networks = configs
    }
}
