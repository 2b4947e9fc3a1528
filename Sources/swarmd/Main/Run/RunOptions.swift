import ContainerRuntime
import Foundation
import LinuxSystem
import Logging
import ManagerNode
import SwarmAPI
import WorkerNode

/// The flags of `swarmd run`, checked.
struct RunOptions: Sendable {
    /// What the node is to become on its first start.
    enum Beginning: Sendable, Equatable {
        case initialize
        case join(address: String, token: String, role: SwarmNodeRole)
        /// What the state directory says.
        case stored
    }

    let beginning: Beginning
    let stateDirectory: String
    let socketPath: String
    /// Which addresses may be used.
    let scope: ListenScope
    let listenAddress: String
    let advertiseAddress: String
    let hostname: String
    let executor: ExecutorChoice
    let availability: SwarmNodeSpec.Availability
    let logLevel: Logger.Level

    /// Checks each flag; the error names the one that is wrong.
    init(_ command: RunCommand) throws {
        self.scope = try Self.scope(command)
        self.beginning = try Self.beginning(command, self.scope)
        guard !command.stateDir.isEmpty else {
            throw CommandError.flag("--state-dir", "", "it must name a directory")
        }
        self.stateDirectory = URL(filePath: command.stateDir).path
        self.socketPath = command.socket.path
        try Self.check(command.listenAddr, self.scope, flag: "--listen-addr", portZero: true)
        self.listenAddress = command.listenAddr
        if let address = command.advertiseAddr {
            try Self.check(address, self.scope, flag: "--advertise-addr", portZero: false)
        }
        self.advertiseAddress = command.advertiseAddr ?? ""
        if let name = command.hostname, name.isEmpty || name.utf8.count > 63 {
            throw CommandError.flag("--hostname", name, "it must have 1 to 63 characters")
        }
        self.hostname = try command.hostname ?? Machine.hostname()
        guard let executor = ExecutorChoice(rawValue: command.executor) else {
            throw CommandError.flag(
                "--executor",
                command.executor,
                "it must be auto, docker, oci, process or simulated"
            )
        }
        self.executor = executor
        guard let availability = Self.availabilities[command.availability] else {
            throw CommandError.flag(
                "--availability",
                command.availability,
                "it must be active, pause or drain"
            )
        }
        self.availability = availability
        guard let level = Logger.Level(rawValue: command.logLevel) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError.flag("--log-level", command.logLevel, "it must be one of \(levels)")
        }
        self.logLevel = level
    }

    private static let availabilities: [String: SwarmNodeSpec.Availability] = [
        "active": .active, "pause": .pause, "drain": .drain,
    ]

    /// A network that something could leave is refused: nothing is encrypted yet.
    private static func scope(_ command: RunCommand) throws -> ListenScope {
        guard command.insecureNamespace else { return .loopback }
        if let gateway = try NetworkRoutes.current().gateways.first {
            throw CommandError(
                "--insecure-namespace: this network namespace has a way out, by \(gateway); connections are not "
                    + "encrypted, so use one that has no route through a gateway"
            )
        }
        return .isolatedNamespace
    }

    private static func beginning(_ command: RunCommand, _ scope: ListenScope) throws -> Beginning {
        if let address = command.join {
            guard !command.initialize else {
                throw CommandError(
                    "--init and --join exclude each other: a node makes a cluster or joins one"
                )
            }
            try self.check(address, scope, flag: "--join", portZero: false)
            return .join(
                address: address,
                token: command.token ?? "",
                role: command.manager ? .manager : .worker
            )
        }
        guard !command.manager else { throw CommandError("--manager goes with --join") }
        guard command.token == nil else { throw CommandError("--token goes with --join") }
        return command.initialize ? .initialize : .stored
    }

    /// Refuses what would leave the machine: nothing is encrypted yet.
    private static func check(
        _ text: String,
        _ scope: ListenScope,
        flag: String,
        portZero: Bool
    ) throws {
        do throws(ListenError) {
            try TCPListener.check(text, scope)
        } catch {
            throw CommandError("\(flag): \(error)")
        }
        if !portZero, text.hasSuffix(":0") {
            throw CommandError.flag(flag, text, "the port must not be 0")
        }
    }
}
