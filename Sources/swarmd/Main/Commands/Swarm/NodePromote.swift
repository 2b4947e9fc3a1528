import ArgumentParser
import ControlClient
import SwarmAPI

/// `swarmd node promote`.
struct NodePromote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Make one or more nodes managers.",
        discussion: """
            A node becomes a manager while it runs, and its tasks run on. It votes as soon as it has the whole \
            state. An odd number of managers bears the most losses: three bear one, five bear two.

            EXAMPLE
              swarmd node promote worker-1 worker-2
            """
    )

    @OptionGroup var daemon: SocketOption
    @Argument(help: "Id, start of an id, host name, or `self`.") var node: [String]

    func run() async throws { try await RoleSwitch.run(self.node, to: .manager, by: self.daemon) }
}

/// `swarmd node demote`.
struct NodeDemote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demote",
        abstract: "Make one or more managers workers.",
        discussion: """
            The node leaves the managers' group, hands over first if it leads, and goes on as a worker; its tasks \
            run on. The last manager stays one, and so does one that the others' majority depends on.

            EXAMPLE
              swarmd node demote manager-3
            """
    )

    @OptionGroup var daemon: SocketOption
    @Argument(help: "Id, start of an id, host name, or `self`.") var node: [String]

    func run() async throws { try await RoleSwitch.run(self.node, to: .worker, by: self.daemon) }
}

/// Gives nodes another role, one after the other.
enum RoleSwitch {
    static func run(_ names: [String], to role: SwarmNodeRole, by daemon: SocketOption) async throws {
        try await daemon.connect { client in
            _ = try await resolveAll(names) { try await client.node(named: $0) }
            try await forEachOperand(names) { name in
                try Terminal.out(
                    try await Self.set(role, of: name, client) ? Self.done(name, role) : Self.same(name, role)
                )
            }
        }
    }

    /// Returns whether anything had to be changed.
    private static func set(
        _ role: SwarmNodeRole,
        of name: String,
        _ client: ControlClient
    ) async throws -> Bool {
        try await FreshWrite.run {
            var node = try await client.node(named: name)
            guard node.spec.desiredRole != role else { return false }
            node.spec.desiredRole = role
            let wanted = node
            _ = try await NodeAdvice.explaining(name) { try await client.update(wanted) }
            return true
        }
    }

    static func done(_ name: String, _ role: SwarmNodeRole) -> String {
        role == .manager
            ? "Node \(name) promoted to a manager in the swarm." : "Manager \(name) demoted in the swarm."
    }

    static func same(_ name: String, _ role: SwarmNodeRole) -> String {
        "Node \(name) is already a \(Words.role(role))."
    }
}
