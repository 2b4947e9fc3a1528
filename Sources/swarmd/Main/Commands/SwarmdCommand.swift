import ArgumentParser

/// The root of all commands.
struct SwarmdCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swarmd",
        abstract: "Orchestrate services on a cluster of machines.",
        discussion: """
            One binary is the daemon and its commands. `swarmd run` starts a node; every other command talks to \
            the daemon through its local socket, with the nouns and flags of the docker command line. What docker \
            has under `docker swarm` stands here without a noun: `swarmd init`, `swarmd join`, `swarmd leave`.

            EXAMPLES
              Start a cluster of one manager, and a service of three replicas on it:
                swarmd run --init &
                swarmd service create --name web --replicas 3 host sleep 1000
              See where its tasks are, and follow what they print:
                swarmd service ps web
                swarmd service logs --follow web
              Take a node out of service:
                swarmd node update --availability drain worker-1

            ENVIRONMENT
              SWARM_SOCKET   the socket that commands use where --socket is not given;
                             without it, /var/run/swarmd.sock

            EXIT STATUS
              0 when everything asked for was done, 1 when anything was not.
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, InitCommand.self, JoinCommand.self, LeaveCommand.self, JoinTokenCommand.self,
            UpdateCommand.self, AuthorityCommand.self, UnlockCommand.self, UnlockKeyCommand.self,
            NodeCommand.self, ServiceCommand.self, TaskCommand.self, SecretCommand.self, ConfigCommand.self,
            NetworkCommand.self,
            ClusterCommand.self, AuditCommand.self, CompletionCommand.self,
        ]
    )
}
