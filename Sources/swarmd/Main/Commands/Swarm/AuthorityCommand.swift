import ArgumentParser
import ControlClient
import Foundation
import Primitives
import SwarmAPI
import SwiftProtobuf

/// `swarmd ca`.
struct AuthorityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "Show or replace the cluster's root certificate.",
        discussion: HelpText.keepingExamples(
            """
            Without --rotate the root certificate is printed. With it every node gets a certificate of a new root, \
            one batch after the other, while everything goes on; then the old root is trusted no more and both \
            join tokens are new. The command follows that to its end unless --detach is given; ending it early \
            does not end the rotation. Where nothing happens for ten seconds it names the nodes that hold the \
            rotation up, and what can be done about them: a node that is down is waited for until it is back or removed.

            Servers of --external-ca sign instead of the cluster; --ca-cert is the root that they sign for. Without \
            --ca-cert the cluster makes a root and signs itself, whoever signed before. \
            --no-external-ca takes them out, which needs the root's key in the cluster.

            EXAMPLES
              swarmd ca > root.pem
              swarmd ca --rotate
              swarmd ca --rotate --ca-cert root.pem --ca-key root-key.pem
              swarmd ca --rotate --ca-cert root.pem --external-ca protocol=cfssl,url=https://ca:8888/api/v1/cfssl/sign,cacert=root.pem
            """
        )
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var authority: AuthorityFlags
    @Flag(help: "Replace the root.") var rotate = false
    @Option(
        name: .customLong("ca-cert"),
        help: ArgumentHelp("A new root of your own, PEM.", valueName: "file")
    )
    var caCert: String?
    @Option(name: .customLong("ca-key"), help: ArgumentHelp("The key of --ca-cert, PEM.", valueName: "file"))
    var caKey: String?
    @Flag(name: [.customShort("d"), .long], help: "Return at once.") var detach = false
    @Flag(name: [.customShort("q"), .long], help: "Show no progress.") var quiet = false

    func run() async throws {
        try self.check()
        guard self.rotate else {
            let cluster = try await self.daemon.connect { try await $0.cluster() }
            let text = String(decoding: cluster.rootCa.caCert, as: UTF8.self)
            guard !text.isEmpty else { throw CommandError("the cluster has no root certificate yet") }
            return try Terminal.write(Array(text.utf8), to: 1)
        }
        let flags = self
        // The files are read before anybody is asked.
        var probe = SwarmClusterSpec()
        try flags.apply(to: &probe.caConfig)
        let root = try await self.daemon.connectNamingFlags { client in
            var cluster = try await client.cluster()
            try flags.apply(to: &cluster.spec.caConfig)
            if let line = flags.warning(of: cluster.spec.caConfig) { Terminal.error(line) }
            cluster = try await client.update(cluster)
            if !flags.authority.externalCA.isEmpty { await ExternalCAWarning.tell(client) }
            if flags.detach { return String?.none }
            try await RotationWatch(client, isQuiet: flags.quiet).run(from: cluster)
            return String(decoding: try await client.cluster().rootCa.caCert, as: UTF8.self)
        }
        if let root { try Terminal.write(Array(root.utf8), to: 1) }
    }

    private func check() throws(CommandError) {
        guard !self.rotate else {
            guard self.caKey == nil || self.caCert != nil else {
                throw CommandError("--ca-key goes with --ca-cert")
            }
            guard self.caCert == nil || self.caKey != nil || !self.authority.externalCA.isEmpty else {
                throw CommandError("--ca-cert needs --ca-key, or --external-ca that signs for it")
            }
            guard self.caCert != nil || self.authority.externalCA.isEmpty else {
                throw CommandError(
                    "--external-ca needs --ca-cert, the root that it signs for: without one the cluster makes a root of "
                        + "its own, and signs itself"
                )
            }
            return
        }
        let given = [
            ("--ca-cert", self.caCert != nil), ("--ca-key", self.caKey != nil),
            ("--cert-expiry", self.authority.certExpiry != nil),
            ("--external-ca", !self.authority.externalCA.isEmpty),
            ("--no-external-ca", self.authority.noExternalCA), ("--detach", self.detach),
            ("--quiet", self.quiet),
        ].first { $0.1 }
        if let given { throw CommandError("\(given.0) goes with --rotate") }
    }

    /// What is told before a rotation after which the external CAs that `config` names sign no more; nil where they do.
    func warning(of config: SwarmCAConfig) -> String? {
        guard self.caCert == nil, !config.externalCas.isEmpty else { return nil }
        let urls = config.externalCas.map(\.url).joined(separator: ", ")
        return TextTable.plain(
            "WARNING: the cluster makes a new root and keeps its key: it signs itself from now on, and \(urls) no more. "
                + "--ca-cert with --external-ca names a root that an external CA signs for."
        )
    }

    /// Puts what is wanted into `config`; without a certificate of one's own the cluster makes one.
    func apply(to config: inout SwarmCAConfig) throws(CommandError) {
        try self.authority.apply(to: &config)
        config.signingCaCert =
            try self.caCert.map { path throws(CommandError) in
                Data(try ExternalCAFlag.pem(path, flag: "--ca-cert").utf8)
            } ?? Data()
        config.signingCaKey =
            try self.caKey.map { path throws(CommandError) in
                Data(try ExternalCAFlag.pem(path, flag: "--ca-key").utf8)
            } ?? Data()
        config.forceRotate += 1
    }
}
