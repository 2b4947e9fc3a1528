import ArgumentParser
import ContainerRuntime
import Logging
import SwarmAPI

/// `swarmd run`: the daemon.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run this machine's daemon until it is told to stop.",
        discussion: """
            On an empty state directory the daemon waits for `swarmd init` or `swarmd join`. With --init it makes a new \
            cluster right away, and with --join it joins the one whose manager listens at that address; the token \
            says which role the node gets. After that the state directory says what the node is, and the same command \
            line starts it again. Tasks outlive the daemon: they run on while it is stopped, and it finds them when \
            it comes back.

            SIGTERM and SIGINT stop the daemon, and leave its tasks running.

            EXAMPLES
              swarmd run
              swarmd run --init --advertise-addr 192.0.2.10
              swarmd run --join 192.0.2.10:4242 --token SWMTKN-1-…
              swarmd run --hostname worker-1 --state-dir /var/lib/swarmd-1 --socket /run/swarmd-1.sock
            """
    )

    @Option(help: ArgumentHelp("Directory of the node's state.", valueName: "directory"))
    var stateDir: String = "/var/lib/swarmd"

    @OptionGroup var socket: SocketOption
    @OptionGroup var addresses: AddressFlags

    @Option(help: ArgumentHelp("The node's name (default: the machine's host name).", valueName: "name"))
    var hostname: String?

    @Option(help: ArgumentHelp("How tasks run: auto, docker, oci, process or simulated.", valueName: "name"))
    var executor: String = "auto"

    @Flag(name: .customLong("init"), help: "Make a new cluster, with this node as its manager.")
    var initialize = false

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Join the cluster whose manager listens there; may be given again.",
            valueName: "host:port"
        )
    )
    var join: [String] = []

    @Option(help: ArgumentHelp("The join token; goes with --join.", valueName: "token"))
    var token: String?

    @OptionGroup(title: "What a new cluster does; goes with --init") var cluster: ClusterFlags

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: String = "info"

    func run() async throws {
        let options = try RunOptions(self)
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = options.logLevel
            return handler
        }
        try await NodeDaemon(options: options, log: Logger(label: "swarmd")).run()
    }
}
