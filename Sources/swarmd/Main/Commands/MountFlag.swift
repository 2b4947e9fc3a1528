import SwarmAPI
import SwiftProtobuf

/// Reads `--mount type=bind,source=/a,target=/b,readonly`.
enum MountFlag {
    static func parse(_ text: String, flag: String) throws(CommandError) -> SwarmMount {
        var mount = SwarmMount.with { $0.type = .volume }
        for (key, value) in try FieldList(text, flag: flag).fields {
            if try self.apply(key, value, to: &mount, in: text, flag: flag) { continue }
            guard let value else { throw .flag(flag, text, "field \"\(key)\" has no value or is unknown") }
            try self.applyOption(key, value, to: &mount, in: text, flag: flag)
        }
        guard !mount.target.isEmpty else { throw .flag(flag, text, "the target is missing") }
        return mount
    }

    /// Applies a field that every mount has; tells whether it is one.
    private static func apply(
        _ key: String,
        _ value: String?,
        to mount: inout SwarmMount,
        in text: String,
        flag: String
    ) throws(CommandError) -> Bool {
        switch (key, value) {
        case ("type", let value?):
            mount.type = try Units.choice(
                value,
                flag: "\(flag) type",
                among: [("bind", .bind), ("volume", .volume), ("tmpfs", .tmpfs)]
            )
        case ("source", let value?), ("src", let value?): mount.source = value
        case ("target", let value?), ("dst", let value?), ("destination", let value?): mount.target = value
        case ("readonly", _), ("ro", _): mount.readonly = try self.truth(value, in: text, flag: flag)
        case ("volume-nocopy", _): mount.volumeOptions.nocopy = try self.truth(value, in: text, flag: flag)
        case ("bind-nonrecursive", _):
            mount.bindOptions.nonrecursive = try self.truth(value, in: text, flag: flag)
        default: return false
        }
        return true
    }

    private static func applyOption(
        _ key: String,
        _ value: String,
        to mount: inout SwarmMount,
        in text: String,
        flag: String
    ) throws(CommandError) {
        switch key {
        case "bind-propagation":
            mount.bindOptions.propagation = try Units.choice(
                value,
                flag: "\(flag) bind-propagation",
                among: [
                    ("rprivate", .rprivate), ("private", .private), ("rshared", .rshared),
                    ("shared", .shared),
                    ("rslave", .rslave), ("slave", .slave),
                ]
            )
        case "consistency":
            mount.consistency = try Units.choice(
                value,
                flag: "\(flag) consistency",
                among: [
                    ("default", .default), ("consistent", .consistent), ("cached", .cached),
                    ("delegated", .delegated),
                ]
            )
        case "volume-driver": mount.volumeOptions.driverConfig.name = value
        case "volume-subpath": mount.volumeOptions.subpath = value
        case "volume-label":
            let (name, label) = try Units.label(value, flag: "\(flag) volume-label")
            mount.volumeOptions.labels[name] = label
        case "volume-opt":
            let (name, option) = try Units.label(value, flag: "\(flag) volume-opt")
            mount.volumeOptions.driverConfig.options[name] = option
        case "tmpfs-size": mount.tmpfsOptions.sizeBytes = try Units.bytes(value, flag: "\(flag) tmpfs-size")
        case "tmpfs-mode":
            guard let mode = UInt32(value, radix: 8) else {
                throw .flag("\(flag) tmpfs-mode", value, "give octal digits")
            }
            mount.tmpfsOptions.mode = mode
        default: throw .flag(flag, text, "unknown field \"\(key)\"")
        }
    }

    private static func truth(_ value: String?, in text: String, flag: String) throws(CommandError) -> Bool {
        switch value {
        case nil, "true", "1": return true
        case "false", "0": return false
        default: throw .flag(flag, text, "give true or false")
        }
    }
}
