import SwiftASN1
import X509

/// The content of a node's `swarm-node.key`: its TLS key and, of a manager, the data keys (SwarmKit
/// `ca/keyreadwriter.go`, `manager/deks.go`).
///
/// The text is the key in PEM, PKCS #8, with headers. Where managers lock themselves it is encrypted, and so are the
/// headers that hold data keys. Headers that nothing here knows are kept.
package struct KeyFile: Sendable, Equatable {
    private static let plainLabel = "PRIVATE KEY"
    private static let lockedLabel = "ENCRYPTED PRIVATE KEY"
    private static let versionHeader = "kek-version"
    private static let currentHeader = "raft-dek"
    private static let pendingHeader = "raft-dek-pending"
    private static let rotationHeader = "raft-dek-needs-rotation"

    /// The node's TLS key: PKCS #8 in PEM, without headers and in clear, with the end of its last line.
    package var key: String
    /// The version of the cluster object that the unlock key, or that there is none, was taken from.
    package var kekVersion: UInt64
    /// The keys of log and snapshots; nil on a node that never was a manager.
    package var dataKeys: DataKeys?
    /// The headers that are not known here, by name.
    package var otherHeaders: [String: String]

    /// A new file's content.
    package init(
        key: String,
        kekVersion: UInt64 = 0,
        dataKeys: DataKeys? = nil,
        otherHeaders: [String: String] = [:]
    ) {
        self.key = key
        self.kekVersion = kekVersion
        self.dataKeys = dataKeys
        self.otherHeaders = otherHeaders
    }

    /// What a file tells without its unlock key.
    package struct Head: Sendable, Equatable {
        /// Whether the key is encrypted.
        package let isLocked: Bool
        /// The version of the cluster object that the unlock key was taken from.
        package let kekVersion: UInt64

        /// Reads the head of a file's `text`.
        package init(parsing text: String) throws(KeyFileError) {
            let block = try KeyFile.block(in: text)
            self.isLocked = block.label == KeyFile.lockedLabel
            self.kekVersion = try KeyFile.version(of: block)
        }
    }

    /// Reads a file's `text`.
    ///
    /// Throws `.locked` when it is encrypted and there is no `unlockKey`, and `.wrongKey` when it is another's. A
    /// file that is not encrypted needs none and looks at none.
    package init(parsing text: String, unlockKey: UnlockKey? = nil) throws(KeyFileError) {
        let block = try Self.block(in: text)
        self.kekVersion = try Self.version(of: block)
        if block.label == Self.lockedLabel {
            guard let unlockKey else { throw .locked }
            self.key = try Self.decrypt(block.bytes, unlockKey)
        } else {
            guard let key = Self.pem(block.bytes) else { throw .damaged("it holds no key in PKCS #8") }
            self.key = key
        }
        self.dataKeys = try Self.dataKeys(block.headers, unlockKey)
        let known = [Self.versionHeader, Self.currentHeader, Self.pendingHeader, Self.rotationHeader]
        self.otherHeaders = block.headers.filter { !known.contains($0.key) }
    }

    /// The file's text, encrypted if there is an `unlockKey`; `generator` gives salt and nonces.
    package func text(
        lockedWith unlockKey: UnlockKey?,
        using generator: inout some RandomNumberGenerator
    ) throws(KeyFileError) -> String {
        guard let key = try? PEMDocument(pemString: self.key), key.discriminator == Self.plainLabel else {
            throw .unmade("the key is not PKCS #8 in PEM")
        }
        var block = PEMBlock(label: Self.plainLabel, headers: self.otherHeaders, bytes: key.derBytes)
        block.headers[Self.versionHeader] = String(self.kekVersion)
        if let unlockKey {
            block.label = Self.lockedLabel
            do {
                block.bytes = try EncryptedPrivateKey(
                    key.derBytes,
                    password: unlockKey.bytes,
                    using: &generator
                ).bytes
            } catch { throw .unmade("\(error)") }
        }
        if let keys = self.dataKeys {
            func seal(_ key: [UInt8]) -> String {
                SealedHeader.text(of: key, lockedWith: unlockKey, using: &generator)
            }
            block.headers[Self.currentHeader] = seal(keys.current)
            if let pending = keys.pending { block.headers[Self.pendingHeader] = seal(pending) }
            if keys.needsRotation { block.headers[Self.rotationHeader] = "true" }
        }
        return block.text
    }

    /// The text with system randomness for salt and nonces.
    package func text(lockedWith unlockKey: UnlockKey?) throws(KeyFileError) -> String {
        var generator = SystemRandomNumberGenerator()
        return try self.text(lockedWith: unlockKey, using: &generator)
    }
}

extension KeyFile {
    private static func block(in text: String) throws(KeyFileError) -> PEMBlock {
        guard let block = PEMBlock(parsing: text) else { throw .damaged("it is no single block of PEM") }
        guard block.label == Self.plainLabel || block.label == Self.lockedLabel else {
            throw .damaged("it holds \"\(block.label)\" instead of a private key")
        }
        return block
    }

    private static func version(of block: PEMBlock) throws(KeyFileError) -> UInt64 {
        guard let text = block.headers[Self.versionHeader] else { return 0 }
        guard let version = UInt64(text) else { throw .damaged("header \(Self.versionHeader) is no number") }
        return version
    }

    private static func decrypt(_ bytes: [UInt8], _ unlockKey: UnlockKey) throws(KeyFileError) -> String {
        let encrypted: EncryptedPrivateKey
        do { encrypted = try EncryptedPrivateKey(parsing: bytes) } catch {
            throw .damaged("its encryption is not SwarmKit's")
        }
        guard let key = encrypted.open(password: unlockKey.bytes).flatMap(Self.pem) else { throw .wrongKey }
        return key
    }

    /// The PEM of a key's bytes; nil if they are no key.
    private static func pem(_ bytes: [UInt8]) -> String? {
        let document = PEMDocument(type: Self.plainLabel, derBytes: bytes)
        guard (try? Certificate.PrivateKey(pemDocument: document)) != nil else { return nil }
        return document.pemString + "\n"
    }

    private static func dataKeys(
        _ headers: [String: String],
        _ unlockKey: UnlockKey?
    ) throws(KeyFileError) -> DataKeys? {
        guard let current = headers[Self.currentHeader] else {
            guard headers[Self.pendingHeader] == nil else {
                throw .damaged("it has a \(Self.pendingHeader) without a \(Self.currentHeader)")
            }
            return nil
        }
        var keys = DataKeys(
            current: try SealedHeader.key(in: current, of: Self.currentHeader, unlockKey: unlockKey)
        )
        if let pending = headers[Self.pendingHeader] {
            keys.pending = try SealedHeader.key(in: pending, of: Self.pendingHeader, unlockKey: unlockKey)
        }
        keys.needsRotation = headers[Self.rotationHeader] == "true"
        return keys
    }
}
