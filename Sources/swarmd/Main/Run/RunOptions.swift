import ContainerRuntime
import Foundation
import LinuxSystem
import Logging
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Trust

/// The flags of `swarmd run`, checked.
struct RunOptions: Sendable {
    /// What the node is to become where it is in no cluster.
    let beginning: NodeLife.Beginning
    let stateDirectory: String
    let socketPath: String
    /// As given; nil where it is not.
    let listenAddress: String?
    let advertiseAddress: String?
    let hostname: String
    let executor: ExecutorChoice
    let logLevel: Logger.Level

    /// Refuses a join without a token, unless `isMember`: a node that is in a cluster needs none any more.
    func checkToken(isMember: Bool) throws(CommandError) {
        guard case .join(let request) = self.beginning, request.token.isEmpty, !isMember else { return }
        throw CommandError(
            "--join needs --token: `swarmd join-token worker` (or manager) on a manager prints it"
        )
    }

    /// Checks each flag; the error names the one that is wrong.
    init(_ command: RunCommand) throws {
        self.beginning = try Self.beginning(command)
        guard !command.stateDir.isEmpty else {
            throw CommandError.flag("--state-dir", "", "it must name a directory")
        }
        self.stateDirectory = URL(filePath: command.stateDir).path
        self.socketPath = command.socket.path
        self.listenAddress = command.addresses.listenAddr
        self.advertiseAddress = command.addresses.advertiseAddr
        do throws(AddressError) {
            try NodeAddresses.check(
                listen: command.addresses.listenAddr ?? "",
                advertise: command.addresses.advertiseAddr ?? ""
            )
        } catch { throw CommandError("\(error)") }
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
        guard let level = Logger.Level(rawValue: command.logLevel) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError.flag("--log-level", command.logLevel, "it must be one of \(levels)")
        }
        self.logLevel = level
    }

    /// What is said of a flag that a new cluster alone is given.
    private static func ofFounders(_ flag: String) -> CommandError {
        CommandError(
            "\(flag) goes with --init, by which a cluster is made; `swarmd update \(flag)` changes one that is there"
        )
    }

    private static func beginning(_ command: RunCommand) throws -> NodeLife.Beginning {
        let availability = try command.addresses.parsedAvailability()
        guard !command.join.isEmpty else {
            guard command.token == nil else { throw CommandError("--token goes with --join") }
            guard command.initialize else {
                if let flag = command.cluster.firstGiven { throw Self.ofFounders(flag) }
                return .stored
            }
            var request = SwarmdInitClusterRequest()
            request.availability = availability
            try command.cluster.apply(to: &request.spec)
            return .initialize(request)
        }
        guard !command.initialize else {
            throw CommandError("--init and --join exclude each other: a node makes a cluster or joins one")
        }
        if let flag = command.cluster.firstGiven { throw Self.ofFounders(flag) }
        for text in command.join {
            do throws(ServerAddressError) { _ = try ServerAddress(text) } catch {
                throw CommandError("--join: \(error)")
            }
        }
        // A node that is in a cluster already needs none any more.
        let token =
            try command.token.map { text throws(CommandError) in try TokenFlag.parse(text).text } ?? ""
        return .join(
            .with {
                $0.managers = command.join
                $0.token = token
                $0.availability = availability
            }
        )
    }
}
