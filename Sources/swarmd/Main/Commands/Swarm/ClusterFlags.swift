import ArgumentParser
import SwarmAPI
import SwiftProtobuf

/// The flags by which `swarmd init` and `swarmd update` set what the cluster does; what is not given stays.
struct ClusterFlags: ParsableArguments {
    @Option(
        defaultAsFlag: SwitchValue.on,
        // Looking further for a value, the parser forgets one that is attached where another flag follows.
        parsing: .next,
        help: ArgumentHelp(
            "Lock managers at rest: a restarted one wants the unlock key.",
            valueName: "true|false"
        )
    )
    var autolock: SwitchValue?

    @OptionGroup var authority: AuthorityFlags

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How often agents say that they live, from 1s to 1h, as in 5s.",
            valueName: "duration"
        )
    )
    var dispatcherHeartbeat: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many ended tasks to keep for each slot: 0 or more, or -1 for all.",
            valueName: "count"
        )
    )
    var taskHistoryLimit: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Log entries between snapshots of the state, at least 1.", valueName: "count")
    )
    var snapshotInterval: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many older snapshots to keep.", valueName: "count")
    )
    var maxSnapshots: String?

    /// Heartbeats that an operator may ask for: shorter ones only burden managers, and with longer ones a node that is
    /// gone would be missed after hours.
    static let heartbeats = Duration.seconds(1)...Duration.seconds(3_600)

    /// Whether any flag is given.
    var areGiven: Bool { self.firstGiven != nil }

    /// A flag that is given, as it is typed; nil where none is.
    var firstGiven: String? {
        [
            ("--autolock", self.autolock != nil), ("--cert-expiry", self.authority.certExpiry != nil),
            ("--external-ca", !self.authority.externalCA.isEmpty),
            ("--no-external-ca", self.authority.noExternalCA),
            ("--dispatcher-heartbeat", self.dispatcherHeartbeat != nil),
            ("--task-history-limit", self.taskHistoryLimit != nil),
            ("--snapshot-interval", self.snapshotInterval != nil),
            ("--max-snapshots", self.maxSnapshots != nil),
        ].first { $0.1 }?.0
    }

    /// Puts the flags into `spec`; the error names the one that is wrong.
    func apply(to spec: inout SwarmClusterSpec) throws(CommandError) {
        if let autolock = self.autolock {
            spec.encryptionConfig.autoLockManagers = try autolock.isOn(flag: "--autolock")
        }
        if self.authority.areGiven { try self.authority.apply(to: &spec.caConfig) }
        if let text = self.dispatcherHeartbeat {
            let flag = "--dispatcher-heartbeat"
            let span = try Units.span(text, flag: flag)
            guard Self.heartbeats.contains(span) else {
                throw .flag(flag, text, "give a duration from 1s to 1h")
            }
            spec.dispatcher.heartbeatPeriod = span.protobuf
        }
        if let text = self.taskHistoryLimit {
            guard let count = Int64(text), count >= -1 else {
                throw .flag("--task-history-limit", text, "give a whole number from 0 up, or -1 to keep all")
            }
            spec.orchestration.taskHistoryRetentionLimit = count
        }
        if let text = self.snapshotInterval {
            let flag = "--snapshot-interval"
            let count = try Units.count(text, flag: flag)
            guard count > 0 else { throw .flag(flag, text, "it must be at least 1") }
            spec.raft.snapshotInterval = count
        }
        if let text = self.maxSnapshots {
            spec.raft.keepOldSnapshots = try Units.count(text, flag: "--max-snapshots")
        }
    }
}

/// The flags about certificates that `swarmd init`, `update` and `ca` share.
struct AuthorityFlags: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long nodes' certificates live, at least 1h, as in 2160h.",
            valueName: "duration"
        )
    )
    var certExpiry: String?

    @Option(
        name: .customLong("external-ca"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Who signs instead of the cluster: protocol=cfssl,url=URL[,cacert=FILE]; may be given again. Takes the "
                + "place of those named before.",
            valueName: "fields"
        )
    )
    var externalCA: [String] = []

    @Flag(name: .customLong("no-external-ca"), help: "Take all external CAs out: the cluster signs itself.")
    var noExternalCA = false

    var areGiven: Bool { self.certExpiry != nil || self.changesExternalCAs }

    /// Whether what is given says who signs.
    var changesExternalCAs: Bool { !self.externalCA.isEmpty || self.noExternalCA }

    func apply(to config: inout SwarmCAConfig) throws(CommandError) {
        if let text = self.certExpiry {
            let flag = "--cert-expiry"
            let span = try Units.span(text, flag: flag)
            guard span >= .seconds(3_600) else {
                throw .flag(flag, text, "a certificate must live for an hour at least")
            }
            config.nodeCertExpiry = span.protobuf
        }
        guard self.externalCA.isEmpty || !self.noExternalCA else {
            throw CommandError("--external-ca and --no-external-ca exclude each other")
        }
        if self.changesExternalCAs {
            var all: [SwarmExternalCA] = []
            for text in self.externalCA { all.append(try ExternalCAFlag.parse(text)) }
            config.externalCas = all
        }
    }
}
