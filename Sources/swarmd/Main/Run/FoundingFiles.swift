import Foundation
import LinuxSystem
import SwarmAPI
import SwiftProtobuf
import Trust

/// A cluster between the moment at which it was asked for and the moment at which its log has it.
///
/// The root's key lies here until then, since the cluster object is to keep it; a crash in between loses nothing.
struct FoundingFiles: Sendable {
    private static let kind = "swarmd-founding"
    private static let version = 1

    let directory: String

    private var request: String { "\(self.directory)/founding" }
    private var key: String { "\(self.directory)/certificates/swarm-root-ca.key" }
    private var certificate: String { "\(self.directory)/certificates/swarm-root-ca.crt" }

    /// What was asked for, without a root of the operator's own; nil where nothing was cut short.
    func load() throws -> SwarmdInitClusterRequest? {
        // The key goes first when the log has it: a crash came before the rest of it went.
        if !Files.exists(self.key), Files.exists(self.request) { try self.remove() }
        let bytes = try DurableFile.read(self.request, kind: Self.kind, version: Self.version)
        return try bytes.map { try SwarmdInitClusterRequest(serializedBytes: $0) }
    }

    /// The root of the founding that was cut short.
    func root() throws -> RootAuthority {
        try RootAuthority(certificate: Files.readText(self.certificate), key: Files.readText(self.key))
    }

    /// Keeps the root, and then what was asked for.
    func save(_ request: SwarmdInitClusterRequest, _ root: RootAuthority) throws {
        try Files.makeDirectories("\(self.directory)/certificates")
        // Files of ours have mode 0600 unless said otherwise.
        try Files.replace(self.key, with: Array(try root.keyPEM.utf8))
        try Files.replace(self.certificate, with: Array(try root.pem.utf8))
        var request = request
        (request.caCert, request.caKey) = (Data(), Data())
        try DurableFile.write(
            request.serializedBytes(),
            to: self.request,
            kind: Self.kind,
            version: Self.version
        )
    }

    /// Forgets all of it but the certificate: the log has it.
    func remove() throws {
        try Files.remove(self.key)
        try Files.remove(self.request)
        if Files.exists(self.directory) { try Files.synchronizeDirectory(self.directory) }
    }
}
