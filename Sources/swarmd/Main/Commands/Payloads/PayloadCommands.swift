import ArgumentParser
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// `swarmd secret`.
struct SecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Manage secrets.",
        discussion: """
            A secret goes in once and comes out only for tasks whose service names it (`swarmd service create \
            --secret`). To change what a service gets, create a secret of another name and exchange the two: \
            `swarmd service update --secret-rm OLD --secret-add source=NEW,target=OLD SERVICE`.
            """,
        subcommands: [
            SecretCreate.self, PayloadList<SecretKind>.self, PayloadInspect<SecretKind>.self,
            PayloadUpdate<SecretKind>.self, PayloadRemove<SecretKind>.self,
        ]
    )
}

/// `swarmd config`.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Manage configs.",
        discussion: """
            A config is a file for tasks whose service names it (`swarmd service create --config`). To change what a \
            service gets, create a config of another name and exchange the two: `swarmd service update --config-rm \
            OLD --config-add source=NEW,target=OLD SERVICE`.
            """,
        subcommands: [
            ConfigCreate.self, PayloadList<ConfigKind>.self, PayloadInspect<ConfigKind>.self,
            PayloadUpdate<ConfigKind>.self, PayloadRemove<ConfigKind>.self,
        ]
    )
}

struct PayloadList<Kind: PayloadKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "ls",
            abstract: "List \(Kind.word)s.",
            discussion: """
                Filters: id, name (both by how they begin), label.

                EXAMPLE
                  swarmd \(Kind.word) ls --filter label=env=prod
                """,
            aliases: ["list"]
        )
    }

    @OptionGroup var daemon: SocketOption
    @OptionGroup var options: ListOptions

    func run() async throws {
        let (form, filters) = try self.options.parsed(["id", "name", "label"])
        let objects = try await self.daemon.connect { try await Kind.list($0) }
        let shown = objects.filter { Self.matches($0, filters) }
        try PayloadListing<Kind>.make(shown, now: currentTimestamp()).print(form)
    }

    static func matches(_ object: Kind.Object, _ filters: Filters) -> Bool {
        let annotations = Kind.annotations(of: object)
        return filters.pass("id") { Kind.id(of: object).hasPrefix($0) }
            && filters.pass("name") { annotations.name.hasPrefix($0) }
            && filters.passLabels("label", annotations.labels)
    }
}

struct PayloadInspect<Kind: PayloadKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "inspect",
            abstract: "Show all of one or more \(Kind.word)s, as JSON."
        )
    }

    @OptionGroup var daemon: SocketOption
    @Flag(help: "Print for people instead.") var pretty = false
    @Argument(help: "Id, start of an id, or name.") var name: [String]

    func run() async throws {
        let names = self.name
        let objects = try await self.daemon.connect { client in
            try await resolveAll(names) { try await Kind.find($0, client) }
        }
        guard self.pretty else {
            return try Terminal.out(JSON.array(objects.map(Kind.json)).pretty)
        }
        for line in objects.map(Kind.pretty).joined(separator: [""]) { try Terminal.out(line) }
    }
}

struct PayloadUpdate<Kind: PayloadKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "update",
            abstract: "Change a \(Kind.word)'s labels.",
            discussion: """
                What a \(Kind.word) holds never changes.

                EXAMPLE
                  swarmd \(Kind.word) update --label-add env=prod site-key
                """
        )
    }

    @OptionGroup var daemon: SocketOption
    @Option(parsing: .unconditionalSingleValue, help: "Add or change a label, key=value.")
    var labelAdd: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove a label.") var labelRm: [String] = []
    @Argument(help: "Id, start of an id, or name.") var name: String

    func run() async throws {
        let flags = self
        _ = try flags.labels(instead: Dictionary(self.labelRm.map { ($0, "") }) { $1 })
        try await self.daemon.connect { client in
            try await FreshWrite.run {
                var object = try await Kind.find(flags.name, client)
                let labels = Kind.annotations(of: object).labels
                Kind.set(labels: try flags.labels(instead: labels), of: &object)
                try await Kind.update(object, client)
            }
        }
        try Terminal.out(self.name)
    }

    /// What the flags make of `labels`.
    func labels(instead labels: [String: String]) throws(CommandError) -> [String: String] {
        guard !self.labelAdd.isEmpty || !self.labelRm.isEmpty else {
            throw CommandError("nothing to change: give --label-add or --label-rm")
        }
        var labels = labels
        for key in self.labelRm {
            guard labels.removeValue(forKey: key) != nil else {
                let list = "`swarmd \(Kind.word) inspect \(self.name)` shows those that it has"
                throw .flag("--label-rm", key, "\(Kind.word) \(self.name) has no such label: \(list)")
            }
        }
        for text in self.labelAdd {
            let (key, value) = try Units.label(text, flag: "--label-add")
            labels[key] = value
        }
        return labels
    }
}

struct PayloadRemove<Kind: PayloadKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rm",
            abstract: "Remove one or more \(Kind.word)s.",
            discussion: """
                One that a service uses stays. All names are looked up first; if one is unknown, nothing is removed.
                """,
            aliases: ["remove"]
        )
    }

    @OptionGroup var daemon: SocketOption
    @Argument(help: "Id, start of an id, or name.") var name: [String]

    func run() async throws {
        let names = self.name
        try await self.daemon.connect { client in
            let objects = try await resolveAll(names) { try await Kind.find($0, client) }
            try await forEachOperand(Array(zip(names, objects))) { name, object in
                do {
                    try await Kind.remove(Kind.id(of: object), client)
                } catch var error as ControlError where error.description.contains("is in use by") {
                    error.description +=
                        ": `swarmd service update --\(Kind.word)-rm \(name) SERVICE` takes it out"
                    throw error
                }
                try Terminal.out(name)
            }
        }
    }
}
