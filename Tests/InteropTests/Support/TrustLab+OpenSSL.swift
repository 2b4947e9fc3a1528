import Foundation
import NetworkLab
import Trust

/// What OpenSSL says of the nodes' certificates.
extension TrustLab {
    /// Connects from a node's machine to a manager, which must show a chain that the node's root vouches for.
    ///
    /// With `asNode` the node shows its own certificate, which the manager has to accept before it says anything.
    func connect(to manager: Int, from node: Int, asNode: Bool) async throws -> Shell {
        var command = [
            "openssl", "s_client", "-connect", "\(NetworkLab.address(manager)):4242",
            "-CAfile", self.file("swarm-root-ca.crt", of: node), "-no-CApath", "-verify", "4",
            "-verify_return_error", "-verify_hostname", "swarm-manager", "-alpn", "h2",
        ]
        if asNode {
            // OpenSSL knows no headers in keys.
            let key = try KeyFile(parsing: try self.text("swarm-node.key", of: node)).key
            let plain = self.folder.appending(path: "plain-\(node).key")
            try Data(key.utf8).write(to: plain)
            let chain = self.file("swarm-node.crt", of: node)
            command += ["-cert", chain, "-cert_chain", chain, "-key", plain.path]
            // Only here the handshake ends after the manager has looked at the certificate.
            command += ["-tls1_2"]
        }
        return try await Shell.run(self.lab.command(command, on: node))
    }

    /// Has `openssl verify` judge a node's certificate, with what the node sends along.
    func verify(_ node: Int) async throws -> Shell {
        let chain = self.file("swarm-node.crt", of: node)
        return try await Shell.run([
            "openssl", "verify", "-no-CApath", "-CAfile", self.file("swarm-root-ca.crt", of: node),
            "-untrusted", chain, chain,
        ])
    }

    /// The fields of the first certificate in a file, as `openssl x509` prints them.
    func fields(_ file: String, of node: Int) async throws -> CertificateText {
        let extensions =
            "keyUsage,extendedKeyUsage,basicConstraints,subjectKeyIdentifier,authorityKeyIdentifier,"
            + "subjectAltName"
        let printed = try await Shell.run([
            "openssl", "x509", "-in", self.file(file, of: node), "-noout", "-subject", "-issuer", "-dates",
            "-dateopt", "iso_8601", "-serial", "-ext", extensions,
        ]).succeeding()
        let whole = try await Shell.run([
            "openssl", "x509", "-in", self.file(file, of: node), "-noout", "-text",
        ]).succeeding()
        return CertificateText(printed.out, whole: whole.out)
    }
}

/// A certificate as OpenSSL prints it.
struct CertificateText: Sendable {
    let whole: String
    private let lines: [String]

    init(_ text: String, whole: String) {
        self.whole = whole
        self.lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// What follows `name=`.
    func value(_ name: String) -> String {
        self.lines.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) } ?? ""
    }

    /// The line below an extension's title, with `critical` after a slash; nil where there is no such extension.
    func part(_ title: String) -> String? {
        guard let index = self.lines.firstIndex(where: { $0.hasPrefix("X509v3 \(title):") }),
            index + 1 < self.lines.count
        else { return nil }
        return self.lines[index + 1] + (self.lines[index].hasSuffix("critical") ? "/critical" : "")
    }

    /// The moment in `name`.
    func date(_ name: String) -> Date? {
        let text = self.value(name).replacingOccurrences(of: " ", with: "T")
        return ISO8601DateFormatter().date(from: text)
    }
}
