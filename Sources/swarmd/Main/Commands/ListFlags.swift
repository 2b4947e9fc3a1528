import SwarmAPI
import SwiftProtobuf

/// Values added to a spec's lists and maps; the same for `create` and for the `-add` flags of `update`.
struct ListAdditions {
    var env: [String] = []
    var labels: [String] = []
    var containerLabels: [String] = []
    var constraints: [String] = []
    var preferences: [String] = []
    var ports: [String] = []
    var mounts: [String] = []
    var hosts: [String] = []
    var secrets: [String] = []
    var configs: [String] = []
    /// What the flags' names end with, for messages: nothing or `-add`.
    var suffix = ""

    func apply(to spec: inout SwarmServiceSpec) throws(CommandError) {
        for text in self.env { try self.setVariable(text, in: &spec.task.container.env) }
        for text in self.labels {
            let (key, value) = try Units.label(text, flag: "--label\(self.suffix)")
            spec.annotations.labels[key] = value
        }
        for text in self.containerLabels {
            let (key, value) = try Units.label(text, flag: "--container-label\(self.suffix)")
            spec.task.container.labels[key] = value
        }
        for text in self.constraints where !spec.task.placement.constraints.contains(text) {
            spec.task.placement.constraints.append(text)
        }
        for text in self.preferences {
            spec.task.placement.preferences.append(
                try Preference.parse(text, flag: "--placement-pref\(self.suffix)")
            )
        }
        for text in self.ports {
            for port in try PortFlag.parse(text, flag: "--publish\(self.suffix)")
            where !spec.endpoint.ports.contains(port) {
                spec.endpoint.ports.removeAll {
                    $0.targetPort == port.targetPort && $0.protocol == port.protocol
                        && $0.publishedPort == port.publishedPort
                }
                spec.endpoint.ports.append(port)
            }
        }
        for text in self.mounts {
            let mount = try MountFlag.parse(text, flag: "--mount\(self.suffix)")
            if !self.suffix.isEmpty { spec.task.container.mounts.removeAll { $0.target == mount.target } }
            spec.task.container.mounts.append(mount)
        }
        for text in self.hosts {
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw .flag("--host\(self.suffix)", text, "give host:ip") }
            spec.task.container.hosts.append("\(parts[1]) \(parts[0])")
        }
        try self.applyPayloads(to: &spec)
    }

    /// Adds references by name, which have no identifiers yet.
    private func applyPayloads(to spec: inout SwarmServiceSpec) throws(CommandError) {
        let isUpdate = !self.suffix.isEmpty
        for text in self.secrets {
            let (source, file) = try PayloadReferenceFlag.parse(text, flag: "--secret\(self.suffix)")
            if isUpdate { spec.task.container.secrets.removeAll { $0.file.name == file.name } }
            spec.task.container.secrets.append(
                .with {
                    $0.secretName = source
                    $0.file = file
                }
            )
        }
        for text in self.configs {
            let (source, file) = try PayloadReferenceFlag.parse(text, flag: "--config\(self.suffix)")
            if isUpdate { spec.task.container.configs.removeAll { $0.file.name == file.name } }
            spec.task.container.configs.append(
                .with {
                    $0.configName = source
                    $0.file = file
                }
            )
        }
    }

    /// Sets a variable in its place, or after the others.
    ///
    /// A name alone, without `=`, is kept as it is.
    private func setVariable(_ text: String, in env: inout [String]) throws(CommandError) {
        let name = Self.name(of: text)
        guard !name.isEmpty else { throw .flag("--env\(self.suffix)", text, "give NAME=value") }
        if let position = env.firstIndex(where: { Self.name(of: $0) == name }) {
            env[position] = text
        } else {
            env.append(text)
        }
    }

    static func name(of variable: String) -> Substring { variable.prefix { $0 != "=" } }
}

/// Values taken out of a spec's lists and maps by the `-rm` flags of `update`.
struct ListRemovals {
    var env: [String] = []
    var labels: [String] = []
    var containerLabels: [String] = []
    var constraints: [String] = []
    var preferences: [String] = []
    /// Target ports, with `/udp` where it is not TCP.
    var ports: [String] = []
    /// Targets of mounts.
    var mounts: [String] = []
    /// Names of secrets and configs.
    var secrets: [String] = []
    var configs: [String] = []

    /// Takes out what is named; what is not there is no mistake, as with docker.
    func apply(to spec: inout SwarmServiceSpec) throws(CommandError) {
        if !self.env.isEmpty {
            spec.task.container.env.removeAll { self.env.contains(String(ListAdditions.name(of: $0))) }
        }
        for key in self.labels { spec.annotations.labels[key] = nil }
        for key in self.containerLabels { spec.task.container.labels[key] = nil }
        // A placement that was absent stays so: an empty one is another spec, and would replace every task.
        if spec.task.placement.constraints.contains(where: self.constraints.contains) {
            spec.task.placement.constraints.removeAll { self.constraints.contains($0) }
        }
        for text in self.preferences {
            let preference = try Preference.parse(text, flag: "--placement-pref-rm")
            guard spec.task.placement.preferences.contains(preference) else { continue }
            spec.task.placement.preferences.removeAll { $0 == preference }
        }
        for text in self.ports {
            let removed = try PortFlag.parse(text, flag: "--publish-rm")
            spec.endpoint.ports.removeAll { port in
                removed.contains { $0.targetPort == port.targetPort && $0.protocol == port.protocol }
            }
        }
        if !self.mounts.isEmpty {
            spec.task.container.mounts.removeAll { self.mounts.contains($0.target) }
        }
        if !self.secrets.isEmpty {
            spec.task.container.secrets.removeAll { self.secrets.contains($0.secretName) }
        }
        if !self.configs.isEmpty {
            spec.task.container.configs.removeAll { self.configs.contains($0.configName) }
        }
    }
}

/// Reads `--placement-pref spread=node.labels.zone`.
enum Preference {
    static func parse(_ text: String, flag: String) throws(CommandError) -> SwarmPlacementPreference {
        let (key, value) = try Units.label(text, flag: flag)
        guard key == "spread", !value.isEmpty else { throw .flag(flag, text, "give spread=LABEL") }
        return .with { $0.spread.spreadDescriptor = value }
    }
}
