import Credentials
import Foundation
import LinuxSystem
import Logging
import SwarmAPI
import SwiftASN1
import SwiftProtobuf
import Trust
import WorkerNode
import X509

/// What a node keeps in its state directory.
struct NodeFiles: Sendable {
    let path: String

    /// The node's certificate, key and root.
    var certificates: CertificateFiles { CertificateFiles(directory: "\(self.path)/certificates") }
    /// What a founding that was cut short goes on with.
    var founding: FoundingFiles { FoundingFiles(directory: self.path) }
    private var log: String { "\(self.path)/raft" }

    /// What there is when the daemon starts.
    func holdings() throws -> NodeLife.Holdings {
        var holdings = NodeLife.Holdings()
        holdings.founding = try self.founding.load()
        guard let key = try self.certificates.loadKey() else {
            if try NodeState.load(from: self.path) != nil || Files.exists(self.log) {
                throw CommandError(
                    "\(self.path) is of a release before certificates: make its cluster anew, or restore a backup of it "
                        + "into another --state-dir (`swarmd cluster restore`)"
                )
            }
            return holdings
        }
        holdings.isLocked = try KeyFile.Head(parsing: key).isLocked
        if holdings.isLocked, holdings.founding != nil {
            // The cluster object said to lock it: so the log has the root's key.
            try self.founding.remove()
            holdings.founding = nil
        }
        holdings.name = holdings.isLocked ? try self.name() : try self.identity(unlockKey: nil)?.name
        return holdings
    }

    /// The node's identity; nil where there is none yet.
    ///
    /// Throws `KeyFileError.locked` where the key wants an `unlockKey`, and `.wrongKey` for another's.
    func identity(
        unlockKey: UnlockKey?
    ) throws -> (material: NodeCredentials.Material, keys: KeyStore, name: NodeName)? {
        let files = self.certificates
        let keys = try self.keys()
        if let unlockKey { try keys.unlock(with: unlockKey) }
        if case .locked = keys.standing { throw KeyFileError.locked }
        guard let content = keys.content, let root = try files.loadRoot(),
            let chain = try files.loadCertificate(of: content.key)
        else { return nil }
        let material = try NodeCredentials.Material(root: root, chainPEM: chain, keyPEM: content.key)
        return (material, keys, material.name)
    }

    /// The identity for a command that works on a stopped node; the key of a locked one is asked for.
    func unlockedIdentity() throws -> (material: NodeCredentials.Material, keys: KeyStore, name: NodeName)? {
        do { return try self.identity(unlockKey: nil) } catch KeyFileError.locked {
            let text = try SecretInput.line(prompt: "Enter unlock key: ")
            do { return try self.identity(unlockKey: UnlockKey(parsing: text)) } catch {
                throw CommandError("\(error)")
            }
        }
    }

    /// Keeps what enrolling or founding gave, locked if managers of the cluster lock their files.
    func keep(
        _ material: NodeCredentials.Material,
        lockedWith unlockKey: UnlockKey? = nil,
        version: UInt64 = 0
    ) throws -> KeyStore {
        let files = self.certificates
        try files.saveRoot(material.root)
        let keys = try self.keys()
        try keys.replaceKey(material.keyPEM) { try files.save(chain: material.chainPEM, key: $0) }
        if let unlockKey { _ = try keys.lock(with: unlockKey, version: version) }
        return keys
    }

    private func keys() throws -> KeyStore {
        let files = self.certificates
        return try KeyStore(load: { try files.loadKey() }, save: { try files.saveKey($0) })
    }

    /// The managers that the node knew last.
    func managers() throws -> [NodeState.Manager] { try NodeState.load(from: self.path)?.managers ?? [] }

    /// Removes the log and all else that only a manager has.
    func wipeLog() throws { try Files.removeTree(self.log) }

    /// Removes all that makes this directory a node's; what the daemon itself has there stays.
    func forget() throws {
        try self.wipeLog()
        try Files.removeTree("\(self.path)/worker")
        try Files.remove("\(self.path)/\(NodeState.fileName)")
        try self.founding.remove()
        // The certificate goes last: as long as it is there a crash leaves a node that can leave again.
        try self.certificates.remove()
    }

    /// The name in the certificate of a key that is locked.
    private func name() throws -> NodeName {
        let text = try Files.readText("\(self.path)/certificates/swarm-node.crt")
        guard let leaf = try PEMDocument.parseMultiple(pemString: text).first,
            let name = NodeName(try Certificate(pemDocument: leaf).subject)
        else { throw CredentialsError.nameless }
        return name
    }
}
