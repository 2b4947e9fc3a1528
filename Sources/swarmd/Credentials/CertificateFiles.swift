import Glibc
import LinuxSystem
import X509

/// A node's certificate, key and root on disk, in SwarmKit's files (`ca/config.go`, `ca/keyreadwriter.go`).
///
/// A crash at any moment leaves a certificate and a key that belong together.
package struct CertificateFiles: Sendable {
    /// What a file may be read by.
    private enum Mode {
        static let everybody: mode_t = 0o644
        static let owner: mode_t = 0o600
    }

    private let directory: String

    /// In `directory`, `certificates` of the node's state; it is made when something is saved.
    package init(directory: String) { self.directory = directory }

    private var root: String { "\(self.directory)/swarm-root-ca.crt" }
    private var certificate: String { "\(self.directory)/swarm-node.crt" }
    private var key: String { "\(self.directory)/swarm-node.key" }
    /// The next certificate, while its key is written.
    private var nextCertificate: String { "\(self.directory)/.swarm-node.crt" }

    // MARK: The root

    /// The root that the node trusts; nil if there is none.
    package func loadRoot() throws -> RootBundle? {
        try Self.text(self.root).map { try RootBundle(pem: $0) }
    }

    /// Keeps the root, to the last byte.
    package func saveRoot(_ root: RootBundle) throws {
        try Files.makeDirectories(self.directory)
        try self.replace(self.root, with: root.pem, mode: Mode.everybody)
    }

    // MARK: The certificate and its key

    /// The text of the key file; nil if there is none.
    package func loadKey() throws -> String? { try Self.text(self.key) }

    /// The certificate, with those that link it to a root, whose key is `key`, unencrypted PKCS #8; nil if there is
    /// none at all.
    ///
    /// After a crash between the key and its certificate this is the one that was to come, and it is put in its
    /// place. Throws `foreignKey` if there are only certificates of other keys.
    package func loadCertificate(of key: String) throws -> String? {
        let publicKey: Certificate.PublicKey
        do { publicKey = try Certificate.PrivateKey(pemEncoded: key).publicKey } catch {
            throw CredentialsError.unreadable("node key")
        }
        func fits(_ chain: String) -> Bool {
            (try? Certificate.chain(chain, "node certificate"))?.first?.publicKey == publicKey
        }
        let present = try Self.text(self.certificate)
        if let present, fits(present) { return present }
        let next = try Self.text(self.nextCertificate)
        if let next, fits(next) {
            try self.takeNext()
            return next
        }
        guard present == nil, next == nil else { throw CredentialsError.foreignKey }
        return nil
    }

    /// Keeps a certificate with the text of its key file.
    package func save(chain: String, key: String) throws {
        for step in self.steps(chain: chain, key: key) { try step() }
    }

    /// What saving does, one write to the disk after the other.
    func steps(chain: String, key: String) -> [() throws -> Void] {
        [
            { try Files.makeDirectories(self.directory) },
            { try self.replace(self.nextCertificate, with: chain, mode: Mode.everybody) },
            { try self.replace(self.key, with: key, mode: Mode.owner) },
            { try self.takeNext() },
        ]
    }

    /// Keeps the text of the key file for the certificate that there is: its lock or its headers changed.
    package func saveKey(_ key: String) throws {
        try self.replace(self.key, with: key, mode: Mode.owner)
    }

    /// Removes all of it: the node has left its cluster.
    package func remove() throws {
        for path in [self.key, self.certificate, self.nextCertificate, self.root] { try Files.remove(path) }
        if Files.exists(self.directory) { try Files.synchronizeDirectory(self.directory) }
    }

    private func takeNext() throws {
        try Files.rename(self.nextCertificate, to: self.certificate)
        try Files.synchronizeDirectory(self.directory)
    }

    /// Puts `text` in the place of a file's contents, all of it or nothing.
    private func replace(_ path: String, with text: String, mode: mode_t) throws {
        let temporary = "\(path).new"
        // Made anew, so that its mode is right before anything is in it.
        try Files.remove(temporary)
        do {
            let file = try Descriptor.open(
                temporary,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
                mode: mode
            )
            try file.write(Array(text.utf8))
            try file.synchronize()
            guard chmod(temporary, mode) == 0 else { throw SystemError.last("chmod", temporary) }
            try Files.rename(temporary, to: path)
        } catch {
            try? Files.remove(temporary)
            throw error
        }
        try Files.synchronizeDirectory(self.directory)
    }

    private static func text(_ path: String) throws -> String? {
        do { return try Files.readText(path) } catch let error as SystemError where error.isMissing {
            return nil
        }
    }
}
