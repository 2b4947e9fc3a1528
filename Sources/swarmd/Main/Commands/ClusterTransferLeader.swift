import ArgumentParser
import ControlClient
import SwarmAPI

/// `swarmd cluster transfer-leader`.
struct ClusterTransferLeader: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer-leader",
        abstract: "Make another manager the leader.",
        discussion: """
            The one that leads hands over, so that changes wait for some milliseconds only and not until it is missed; \
            tasks run on. Use it before the leader's machine is taken down. A manager that does not answer, or that has \
            not caught up, is refused.

            EXAMPLE
              swarmd cluster transfer-leader manager-2
            """
    )

    @OptionGroup var daemon: SocketOption
    @Argument(help: "Id, start of an id, host name, or `self`.") var node: String

    func run() async throws {
        let name = self.node
        let answer = try await self.daemon.connect { client in
            let node = try await client.node(named: name)
            if node.managerStatus.leader { return "Manager \(name) leads already." }
            try await client.transferLeadership(to: node.id)
            return "Manager \(name) leads now."
        }
        try Terminal.out(answer)
    }
}
