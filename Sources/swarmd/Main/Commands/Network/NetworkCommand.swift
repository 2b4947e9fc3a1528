import ArgumentParser
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// `swarmd network`.
struct NetworkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network",
        abstract: "Manage networks.",
        subcommands: [NetworkCreate.self, NetworkList.self, NetworkInspect.self, NetworkRemove.self]
    )
}

struct NetworkList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List networks.",
        discussion: """
            Filters: id, name, driver, label, scope (swarm), type (builtin, custom), dangling (true: no service is \
            attached, false). The column SUBNETS is empty until the leader has given the network its addresses.

            EXAMPLE
              swarmd network ls --filter driver=overlay
            """,
        aliases: ["list"]
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var options: ListOptions
    @Flag(help: "Show ids whole.") var noTrunc = false

    func run() async throws {
        let (form, filters) = try self.options.parsed(
            ["id", "name", "driver", "label", "scope", "type", "dangling"],
            words: [
                "scope": ["swarm", "local", "global"], "type": ["builtin", "custom"],
                "dangling": ["true", "false"],
            ]
        )
        let (networks, services) = try await self.daemon.connect { client in
            (try await client.networks(), try await client.services())
        }
        let shown = networks.filter { NetworkUse(of: $0, by: services).matches(filters) }
        try NetworkListing.make(shown, wholeIDs: self.noTrunc).print(form)
    }
}

struct NetworkInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show all of one or more networks, as JSON.",
        discussion: """
            With --verbose also its services, their addresses and tasks, the nodes' addresses from which load is \
            balanced, and how many addresses of each subnet are in use.

            EXAMPLE
              swarmd network inspect --verbose front
            """
    )

    @OptionGroup var daemon: SocketOption
    @Flag(name: [.customShort("v"), .long], help: "Show what uses the network, too.") var verbose = false
    @Argument(help: "Id, start of an id, or name.") var network: [String]

    func run() async throws {
        let (names, isVerbose) = (self.network, self.verbose)
        let shown = try await self.daemon.connect { client in
            let networks = try await resolveAll(names) { try await client.network(named: $0) }
            guard isVerbose else { return networks.map { DockerJSON.network($0, use: nil) } }
            let (services, tasks) = (try await client.services(), try await client.tasks())
            let nodes = try await client.nodes()
            return networks.map {
                DockerJSON.network($0, use: NetworkUse(of: $0, by: services, tasks, nodes))
            }
        }
        try Terminal.out(JSON.array(shown).pretty)
    }
}

struct NetworkRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove one or more networks.",
        discussion: """
            A network that services or tasks use is not removed, nor are `bridge` and `host`. Without the ingress \
            network no service can publish ports on the whole cluster: `swarmd network create --ingress ingress` makes \
            another. All names are looked up first; if one is unknown, nothing is removed.
            """,
        aliases: ["remove"]
    )

    @OptionGroup var daemon: SocketOption
    @Flag(name: [.customShort("f"), .long], help: "Do not complain of networks that do not exist.")
    var force = false
    @Argument(help: "Id, start of an id, or name.") var network: [String]

    func run() async throws {
        let (names, force) = (self.network, self.force)
        try await self.daemon.connect { client in
            var found: [(String, SwarmNetwork)] = []
            try await forEachOperand(names) { name in
                do { found.append((name, try await client.network(named: name))) } catch let error
                    as ControlError
                {
                    guard force, error.kind == .notFound else { throw error }
                }
            }
            try await forEachOperand(found) { name, network in
                try await client.removeNetwork(id: network.id)
                try Terminal.out(name)
            }
        }
    }
}
