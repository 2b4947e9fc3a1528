import ArgumentParser
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// `swarmd join-token`.
struct JoinTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join-token",
        abstract: "Show or replace the token by which nodes join.",
        discussion: """
            Whoever has a token can add a node. Replacing it stops that, and does not touch the nodes that are \
            there.

            EXAMPLES
              swarmd join-token worker
              swarmd join-token --quiet --rotate manager
            """
    )

    @OptionGroup var daemon: SocketOption
    @Flag(name: [.customShort("q"), .long], help: "Print the token alone.") var quiet = false
    @Flag(help: "Replace the token by a new one.") var rotate = false
    @Argument(help: "worker or manager.") var role: String

    func run() async throws {
        let role: SwarmNodeRole = try Units.choice(
            self.role,
            flag: "the role",
            among: [("worker", .worker), ("manager", .manager)]
        )
        let (quiet, rotate) = (self.quiet, self.rotate)
        let (token, address) = try await self.daemon.connect { client in
            var cluster = try await client.cluster()
            if rotate {
                let rotation = SwarmKeyRotation.with {
                    $0.workerJoinToken = role == .worker
                    $0.managerJoinToken = role == .manager
                }
                cluster = try await FreshWrite.run {
                    try await client.update(try await client.cluster(), rotating: rotation)
                }
            }
            let tokens = cluster.rootCa.joinTokens
            let address = quiet ? "" : try await client.node(named: "self").managerStatus.addr
            return (role == .worker ? tokens.worker : tokens.manager, address)
        }
        if quiet { return try Terminal.out(token) }
        if rotate { try Terminal.out("The token of \(self.role)s was replaced.\n") }
        for line in JoinText.command(role: self.role, token: token, address: address) {
            try Terminal.out(line)
        }
    }
}
