import ArgumentParser
import ControlClient
import Foundation
import SwarmAPI
import SwiftProtobuf

/// `swarmd init`.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new cluster, with this node as its manager.",
        discussion: """
            The daemon (`swarmd run`) must run and belong to no cluster yet. The command returns when the node \
            leads its cluster, and prints what other machines have to run to join. With --autolock it also prints \
            the key without which no manager starts again: keep it where the cluster can't lose it.

            EXAMPLES
              swarmd init --advertise-addr 192.0.2.10
              swarmd init --autolock --cert-expiry 720h
              swarmd init --default-addr-pool 10.64.0.0/10 --default-addr-pool-mask-length 26
            """
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var addresses: AddressFlags
    @OptionGroup var cluster: ClusterFlags
    @OptionGroup var pools: AddressPoolFlags
    @Option(
        name: .customLong("ca-cert"),
        help: ArgumentHelp("A root certificate of your own, PEM.", valueName: "file")
    )
    var caCert: String?
    @Option(name: .customLong("ca-key"), help: ArgumentHelp("The key of --ca-cert, PEM.", valueName: "file"))
    var caKey: String?

    func run() async throws {
        let request = try self.request()
        let made = try await self.daemon.connectNamingFlags { try await $0.initCluster(request) }
        for line in JoinText.made(made) { try Terminal.out(line) }
    }

    func request() throws(CommandError) -> SwarmdInitClusterRequest {
        var request = SwarmdInitClusterRequest()
        request.listenAddr = self.addresses.listenAddr ?? ""
        request.advertiseAddr = self.addresses.advertiseAddr ?? ""
        request.availability = try self.addresses.parsedAvailability()
        try self.cluster.apply(to: &request.spec)
        try self.pools.apply(to: &request)
        guard (self.caCert == nil) == (self.caKey == nil) else {
            throw CommandError(
                self.caKey == nil
                    ? "--ca-key is missing: the key of the certificate that --ca-cert names"
                    : "--ca-cert is missing: the certificate of the key that --ca-key names"
            )
        }
        if let certificate = self.caCert, let key = self.caKey {
            request.caCert = Data(try ExternalCAFlag.pem(certificate, flag: "--ca-cert").utf8)
            request.caKey = Data(try ExternalCAFlag.pem(key, flag: "--ca-key").utf8)
        }
        return request
    }
}

/// What an operator is told to run elsewhere.
enum JoinText {
    /// The lines after a cluster was made.
    static func made(_ answer: SwarmdInitClusterResponse) -> [String] {
        var lines = ["Swarm initialized: node \(answer.nodeID) is now a manager.", ""]
        lines += self.command(role: "worker", token: answer.workerToken, address: answer.addr)
        lines += ["", "For one more manager, `swarmd join-token manager` prints the command."]
        if !answer.unlockKey.isEmpty { lines += [""] + Self.unlock(answer.unlockKey) }
        return lines
    }

    /// How a node of `role` joins.
    static func command(role: String, token: String, address: String) -> [String] {
        [
            "To add a \(role) to this swarm, run the following command:", "",
            "    swarmd join --token \(token) \(address)",
        ]
    }

    /// What the key is for.
    static func unlock(_ key: String) -> [String] {
        [
            "A manager that restarts stays locked until it is given this key with `swarmd unlock`:", "",
            "    \(key)", "",
            "Keep it in a safe place: without it no restarted manager comes back.",
        ]
    }
}
