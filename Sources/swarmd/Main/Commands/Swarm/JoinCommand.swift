import ArgumentParser
import ControlClient
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Trust

/// `swarmd join`.
struct JoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Make this node one of a cluster.",
        discussion: """
            The daemon (`swarmd run`) must run and belong to no cluster yet. The token, which `swarmd join-token` \
            prints on a manager, says whether the node becomes a worker or a manager, and which cluster certificate \
            it may trust. Several addresses are tried in turn for 30 s; any manager will do. What is waited for \
            is told meanwhile, and `swarmd leave` gives the join up.

            EXAMPLE
              swarmd join --token SWMTKN-1-… 192.0.2.10:4242
            """
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var addresses: AddressFlags
    @Option(help: ArgumentHelp("The join token.", valueName: "token")) var token: String
    @Argument(help: ArgumentHelp("Where a manager listens.", valueName: "host:port")) var managers: [String]

    func run() async throws {
        let request = try self.request()
        let joined = try await self.daemon.connectNamingFlags { client in
            try await withThrowingTaskGroup(of: SwarmdJoinClusterResponse?.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await client.joinCluster(request) }
                group.addTask {
                    await JoinProgress.follow(client)
                    return nil
                }
                while let joined = try await group.next() { if let joined { return joined } }
                throw CancellationError()
            }
        }
        try Terminal.out("This node joined a swarm as a \(Words.role(joined.role)).")
    }

    func request() throws(CommandError) -> SwarmdJoinClusterRequest {
        for text in self.managers {
            do throws(ServerAddressError) { _ = try ServerAddress(text) } catch {
                throw CommandError(
                    "the manager to join, \"\(text)\": \(error.problem), as in 192.0.2.10:4242"
                )
            }
        }
        var request = SwarmdJoinClusterRequest()
        request.managers = self.managers
        request.token = try TokenFlag.parse(self.token).text
        request.listenAddr = self.addresses.listenAddr ?? ""
        request.advertiseAddr = self.addresses.advertiseAddr ?? ""
        request.availability = try self.addresses.parsedAvailability()
        return request
    }
}

/// `swarmd leave`.
struct LeaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leave",
        abstract: "Take this node out of its cluster.",
        discussion: """
            A worker's tasks are started elsewhere. A manager has the others let it go first, and stays if they can't, \
            or if fewer than two would be left. With --force it leaves all the same: without a majority of the \
            managers, or the last one, the swarm's state is lost. The node's object stays in the cluster, as down: \
            remove it there with `swarmd node rm`. The daemon goes on and can join again.

            A join that is under way is given up, and the daemon is as it was before.
            """
    )

    @OptionGroup var daemon: SocketOption
    @Flag(
        name: [.customShort("f"), .long],
        help: "Leave although the others need this manager, or can't be asked."
    ) var force = false

    func run() async throws {
        let force = self.force
        try await self.daemon.connect { try await $0.leaveCluster(force: force) }
        try Terminal.out("Node left the swarm.")
    }
}
