import ArgumentParser
import ControlClient
import SwarmAPI

/// `swarmd cluster`.
struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "See the cluster's settings; check it; choose its leader; back it up and bring it back.",
        subcommands: [
            ClusterInspect.self, ClusterCheckCommand.self, ClusterTransferLeader.self, ClusterBackup.self,
            ClusterRestore.self,
            ClusterRecover.self,
        ]
    )
}

struct ClusterInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show the cluster, as JSON.",
        discussion: "Join tokens are a secret and are not shown."
    )

    @OptionGroup var daemon: SocketOption
    @Argument(help: "Id, start of an id, or name; the one cluster where it is left out.") var cluster: String?

    func run() async throws {
        let name = self.cluster
        let clusters = try await self.daemon.connect { client in
            let all = try await client.clusters()
            guard let name else { return all }
            return [
                try Lookup.pick(name, kind: "cluster", from: all, id: \.id, name: \.spec.annotations.name)
            ]
        }
        try Terminal.out(JSON.array(clusters.map(DockerJSON.cluster)).pretty)
    }
}
