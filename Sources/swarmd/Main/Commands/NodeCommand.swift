import ArgumentParser
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// `swarmd node`.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Manage the cluster's nodes.",
        subcommands: [
            NodeList.self, NodeInspect.self, NodeUpdate.self, NodePromote.self, NodeDemote.self,
            NodeRemove.self,
        ]
    )
}

struct NodeList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List nodes.",
        discussion: """
            Filters: id, name, role, membership, label (engine), node.label. A node that joined more than a minute ago \
            and was never seen since, as after a join that was given up, is told of below the table: `swarmd node rm` \
            removes it.

            EXAMPLE
              swarmd node ls --filter role=worker
            """,
        aliases: ["list"]
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var options: ListOptions

    func run() async throws {
        let (form, filters) = try self.options.parsed(
            ["id", "name", "role", "membership", "label", "node.label"],
            words: ["role": ["worker", "manager"], "membership": ["accepted", "pending"]]
        )
        let (nodes, own, cluster) = try await self.daemon.connect { client in
            (try await client.nodes(), try? await client.status()?.nodeID, try? await client.clusters().first)
        }
        let shown = nodes.filter { Self.matches($0, filters) }
        try NodeListing.make(shown, ownID: own, cluster: cluster).print(form)
        guard form == .table else { return }
        let now = currentTimestamp()
        let lines =
            NodeListing.warnings(shown, now: now) + NodeListing.waits(shown)
            + NodeListing.neverSeen(shown, now: now)
        for line in lines { Terminal.error(line) }
    }

    static func matches(_ node: SwarmNode, _ filters: Filters) -> Bool {
        filters.pass("id") { node.id.hasPrefix($0) }
            && filters.pass("name") { node.description_p.hostname.hasPrefix($0) }
            && filters.pass("role") { Words.role(node.role) == $0 }
            && filters.pass("membership") {
                (node.spec.membership == .accepted ? "accepted" : "pending") == $0
            }
            && filters.passLabels("label", node.description_p.engine.labels)
            && filters.passLabels("node.label", node.spec.annotations.labels)
    }
}

struct NodeInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show all of one or more nodes, as JSON."
    )

    @OptionGroup var daemon: SocketOption
    @Argument(help: "Id, start of an id, host name, or `self`.") var node: [String]

    func run() async throws {
        let names = self.node
        let nodes = try await self.daemon.connect { client in
            try await resolveAll(names) { try await client.node(named: $0) }
        }
        try Terminal.out(JSON.array(nodes.map(DockerJSON.node)).pretty)
    }
}

struct NodeUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a node.",
        discussion: """
            EXAMPLES
              swarmd node update --availability drain --label-add rack=3 worker-1
              swarmd node update --availability drain --dry-run worker-1
            """
    )

    @OptionGroup var daemon: SocketOption
    @Option(help: "Availability: active, pause or drain.") var availability: String?
    @Option(help: "Role: worker or manager.") var role: String?
    @Option(parsing: .unconditionalSingleValue, help: "Add or change a label, key=value.") var labelAdd:
        [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "Remove a label.") var labelRm: [String] = []
    @OptionGroup var trying: DryRunFlags
    @Argument(help: "Id, start of an id, host name, or `self`.") var node: String

    func run() async throws {
        let flags = self
        try flags.check()
        if let form = try self.trying.form() { return try await self.tryOut(form) }
        let name = try await self.daemon.connect { client in
            try await FreshWrite.run {
                var node = try await client.node(named: flags.node)
                try flags.apply(to: &node.spec)
                let wanted = node
                _ = try await NodeAdvice.explaining(flags.node) { try await client.update(wanted) }
            }
            return flags.node
        }
        try Terminal.out(name)
    }

    /// Says what the availability would do to tasks; nothing else of a node moves any.
    private func tryOut(_ form: DryRunFlags.Form) async throws {
        guard let text = self.availability else {
            throw CommandError("--dry-run needs --availability: nothing else moves tasks")
        }
        let (name, availability) = (self.node, try Self.availability(text))
        try await self.daemon.connect { client in
            let id = try await client.node(named: name).id
            let change = SwarmdPreviewNodeChange.with {
                $0.nodeID = id
                $0.availability = availability
            }
            try await DryRunFlags.show(.with { $0.nodes = [change] }, form, client)
        }
    }

    private static func availability(_ text: String) throws(CommandError) -> SwarmNodeSpec.Availability {
        try Units.choice(
            text,
            flag: "--availability",
            among: [("active", .active), ("pause", .pause), ("drain", .drain)]
        )
    }

    /// Refuses what makes no sense for any node, before anybody is asked.
    func check() throws(CommandError) {
        guard self.availability != nil || self.role != nil || !self.labelAdd.isEmpty || !self.labelRm.isEmpty
        else {
            throw CommandError("nothing to change: give --availability, --role, --label-add or --label-rm")
        }
        var probe = SwarmNodeSpec()
        for key in self.labelRm { probe.annotations.labels[key] = "" }
        try self.apply(to: &probe)
    }

    func apply(to spec: inout SwarmNodeSpec) throws(CommandError) {
        if let text = self.availability {
            spec.availability = try Self.availability(text)
        }
        if let text = self.role {
            spec.desiredRole = try Units.choice(
                text,
                flag: "--role",
                among: [("worker", .worker), ("manager", .manager)]
            )
        }
        for text in self.labelAdd {
            let (key, value) = try Units.label(text, flag: "--label-add")
            spec.annotations.labels[key] = value
        }
        for key in self.labelRm {
            guard spec.annotations.labels.removeValue(forKey: key) != nil else {
                throw .flag(
                    "--label-rm",
                    key,
                    "node \(self.node) has no such label: `swarmd node inspect \(self.node)` shows those that it has"
                )
            }
        }
    }
}

struct NodeRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove one or more nodes from the cluster.",
        discussion: """
            A node that is down, or was never seen, is removed. One that is up has to leave first (`swarmd leave` there) \
            or be removed with --force; a manager has to be made a worker first (`swarmd node demote`). Where several \
            nodes have one host name, give ids.
            """,
        aliases: ["remove"]
    )

    @OptionGroup var daemon: SocketOption
    @Flag(name: [.customShort("f"), .long], help: "Remove a node that is up.") var force = false
    @Argument(help: "Id, start of an id, or host name.") var node: [String]

    func run() async throws {
        let (names, force) = (self.node, self.force)
        try await self.daemon.connect { client in
            let nodes = try await resolveAll(names) { try await client.node(named: $0) }
            try await forEachOperand(Array(zip(names, nodes))) { name, node in
                try await NodeAdvice.explaining(name) {
                    try await client.removeNode(id: node.id, force: force)
                }
                try Terminal.out(name)
            }
        }
    }
}
