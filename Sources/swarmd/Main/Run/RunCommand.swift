import ArgumentParser
import ContainerRuntime
import Logging
import SwarmAPI

/// `swarmd run`: the daemon.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run this machine's node until it is told to stop.",
        discussion: """
            The first start needs to know what to become: --init makes a new cluster with this node as its manager, \
            --join makes this node a worker of the cluster whose manager listens at that address, and --join with \
            --manager one more manager of it. After that the \
            state directory says it, and the same command line starts the node again. Tasks outlive the daemon: \
            they run on while it is stopped, and it finds them when it comes back.

            SIGTERM and SIGINT stop the daemon, and leave its tasks running.

            EXAMPLES
              swarmd run --init --listen-addr 127.0.0.1:4242
              swarmd run --join 127.0.0.1:4242 --hostname worker-1 --state-dir /var/lib/swarmd-1
              swarmd run --join 127.0.0.1:4242 --manager --listen-addr 127.0.0.1:4243 \
                --state-dir /var/lib/swarmd-2 --socket /run/swarmd-2.sock
            """
    )

    @Option(help: ArgumentHelp("Directory of the node's state.", valueName: "directory"))
    var stateDir: String = "/var/lib/swarmd"

    @OptionGroup var socket: SocketOption

    @Option(
        help: ArgumentHelp(
            "Where a manager listens for agents; port 0 takes a free one.",
            valueName: "ip:port"
        )
    )
    var listenAddr: String = "127.0.0.1:4242"

    @Option(
        help: ArgumentHelp(
            "Where agents reach this manager (default: the listen address).",
            valueName: "ip:port"
        )
    )
    var advertiseAddr: String?

    @Flag(
        help: ArgumentHelp(
            "Allow other addresses than loopback's, unencrypted, in a network namespace without a way out.",
            visibility: .hidden
        )
    )
    var insecureNamespace = false

    @Option(help: ArgumentHelp("The node's name (default: the machine's host name).", valueName: "name"))
    var hostname: String?

    @Option(help: ArgumentHelp("How tasks run: auto, docker, oci, process or simulated.", valueName: "name"))
    var executor: String = "auto"

    @Flag(name: .customLong("init"), help: "Make a new cluster, with this node as its manager.")
    var initialize = false

    @Option(help: ArgumentHelp("Join the cluster whose manager listens there.", valueName: "ip:port"))
    var join: String?

    @Flag(help: "Join as a manager; goes with --join.")
    var manager = false

    @Option(help: ArgumentHelp("The join token; goes with --join.", valueName: "token"))
    var token: String?

    @Option(
        help: ArgumentHelp(
            "Whether a new node takes tasks: active, pause or drain.",
            valueName: "availability"
        )
    )
    var availability: String = "active"

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
