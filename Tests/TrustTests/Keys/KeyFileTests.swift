import Crypto
import Foundation
import Primitives
import SwarmAPI
import SwiftASN1
import SwiftProtobuf
import Testing

@testable import Trust

@Suite struct KeyFileTests {
    /// 32 characters, so that OpenSSL takes it as a password.
    private let unlockKey = UnlockKey(bytes: UInt8(0x41)..<0x61)
    private let dek = [UInt8](100..<132)

    /// Encrypted by OpenSSL: `openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA1 -iter 2048`; the header's box by
    /// PyNaCl.
    private let locked = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        kek-version: 42
        raft-dek: \
        CAESMBv6dRFpHzkbtP3qm9I/nUO0wpEvQWjq/OpN1Td9EFhkq6wNkWynOw0yUe7HTNEWMxoYAAECAwQFBgcICQoLDA0ODxAREhMUFRYX

        MIHeMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAgxhacdNtxUkQICCAAw
        HQYJYIZIAWUDBAEqBBBkTUefdGTctWhmhm+y0MBlBIGQgLHZ7ztFsWMmLRpGM2gH
        9aJtQ3gVqzq5TFsj1h0EileiXgjD+kBE28q7BlmA6qKx6s7Fni7v/RE9sNmcuEVW
        xnuid4bV1NqlHWGOgWdfR9uZY1Xz0aFtktLLbrLf0Qjn3piQ2++lH6+vb9r/EiYm
        r1UgYS5n/dfs5kqTw9f9afRw7wtOI8Qdms97f2Vc4nHB
        -----END ENCRYPTED PRIVATE KEY-----

        """

    /// What OpenSSL encrypted.
    private let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkkU8xhU1C9UlqrBK
        Fu3xLYJPN7G2eMs3npEZ61R/ey+hRANCAATV4OUVwkqEyynVD5TZi45ujpzWCKDk
        6u0Si46JdBYQwKOpNyZlpVaodla1B1UoQkcWHhG3B1llyFmIqmhO10EG
        -----END PRIVATE KEY-----

        """

    @Test func `an unlocked file has SwarmKit's form`() throws {
        let file = KeyFile(key: self.key, kekVersion: 10, dataKeys: DataKeys(current: self.dek))
        var lines = self.key.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let value = Data([0x12, 32] + self.dek).base64EncodedString()
        lines.insert(contentsOf: ["kek-version: 10", "raft-dek: \(value)", ""], at: 1)
        #expect(try file.text(lockedWith: nil) == lines.joined(separator: "\n"))
        #expect(try KeyFile(parsing: file.text(lockedWith: nil)) == file)
    }

    @Test func `a worker's file has the version only`() throws {
        let text = try KeyFile(key: self.key).text(lockedWith: nil)
        #expect(text.hasPrefix("-----BEGIN PRIVATE KEY-----\nkek-version: 0\n\nMIGH"))
        #expect(try KeyFile(parsing: text) == KeyFile(key: self.key))
        #expect(try KeyFile(parsing: self.key) == KeyFile(key: self.key))
    }

    @Test func `what OpenSSL and NaCl locked is opened`() throws {
        let file = try KeyFile(parsing: self.locked, unlockKey: self.unlockKey)
        #expect(file == KeyFile(key: self.key, kekVersion: 42, dataKeys: DataKeys(current: self.dek)))
    }

    @Test func `the same dice give the same file, others another`() throws {
        let file = KeyFile(key: self.key, dataKeys: DataKeys(current: self.dek))
        func text(_ seed: UInt64) throws -> String {
            var generator = SeededGenerator(seed: seed)
            return try file.text(lockedWith: self.unlockKey, using: &generator)
        }
        #expect(try text(1) == text(1))
        #expect(try text(1) != text(2))
    }

    @Test func `a locked file's encryption is SwarmKit's`() throws {
        let file = KeyFile(key: self.key, dataKeys: DataKeys(current: self.dek, pending: self.dek.reversed()))
        let block = try #require(PEMBlock(parsing: file.text(lockedWith: self.unlockKey)))
        #expect(block.label == "ENCRYPTED PRIVATE KEY")
        let openSSL = try #require(PEMBlock(parsing: self.locked))
        // All but salt, start value and ciphertext are the same bytes.
        #expect(block.bytes.count == openSSL.bytes.count)
        for range in [0..<35, 43..<62, 78..<81] { #expect(block.bytes[range] == openSSL.bytes[range]) }
        for name in ["raft-dek", "raft-dek-pending"] {
            let bytes = try #require(block.headers[name].flatMap { Data(base64Encoded: $0) })
            let record = try SwarmMaybeEncryptedRecord(serializedBytes: bytes)
            #expect(bytes.count == 78)
            #expect(record.algorithm == .secretboxSalsa20Poly1305)
            #expect(record.data.count == 48)
            #expect(record.nonce.count == 24)
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
    func `OpenSSL opens what is locked here`() throws {
        let text = try KeyFile(key: self.key).text(lockedWith: self.unlockKey)
        let file = FileManager.default.temporaryDirectory.appending(path: "swarmd-key-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        // OpenSSL takes no headers but its own.
        try Data(text.replacing("kek-version: 0\n\n", with: "").utf8).write(to: file)
        let (openssl, output) = (Process(), Pipe())
        openssl.executableURL = URL(filePath: "/usr/bin/openssl")
        let password = String(decoding: UInt8(0x41)..<0x61, as: UTF8.self)
        openssl.arguments = ["pkcs8", "-topk8", "-nocrypt", "-in", file.path, "-passin", "pass:\(password)"]
        openssl.standardOutput = output
        try openssl.run()
        let key = try output.fileHandleForReading.readToEnd()
        openssl.waitUntilExit()
        #expect(key == Data(self.key.utf8))
    }

    @Test(arguments: [true, false])
    func `a file comes back as it was`(isLocked: Bool) throws {
        let keys = DataKeys(current: self.dek, pending: self.dek.reversed(), needsRotation: true)
        let file = KeyFile(
            key: self.key,
            kekVersion: .max,
            dataKeys: keys,
            otherHeaders: ["a-later-header": "its value", "zone": "x: y"]
        )
        let unlockKey = isLocked ? self.unlockKey : nil
        let text = try file.text(lockedWith: unlockKey)
        #expect(try KeyFile(parsing: text, unlockKey: unlockKey) == file)
        let head = try KeyFile.Head(parsing: text)
        #expect(head.isLocked == isLocked)
        #expect(head.kekVersion == .max)
    }

    @Test func `a locked file is opened by its key only`() throws {
        #expect(throws: KeyFileError.locked) { try KeyFile(parsing: self.locked) }
        var generator = SeededGenerator(seed: 7)
        // Some wrong keys give a padding that is right by chance.
        for _ in 0..<300 {
            let wrong = UnlockKey(using: &generator)
            #expect(throws: KeyFileError.wrongKey) { try KeyFile(parsing: self.locked, unlockKey: wrong) }
        }
    }

    @Test func `a file that is not locked needs no key`() throws {
        let file = KeyFile(key: self.key, dataKeys: DataKeys(current: self.dek))
        #expect(try KeyFile(parsing: file.text(lockedWith: nil), unlockKey: self.unlockKey) == file)
    }

    @Test func `a damaged file is told from a locked one`() throws {
        let file = KeyFile(key: self.key, dataKeys: DataKeys(current: self.dek))
        let text = try file.text(lockedWith: nil)
        let damaged = [
            "", "no PEM", String(text.dropLast(30)), text + text,
            text.replacing("PRIVATE KEY", with: "EC PRIVATE KEY"),
            text.replacing("kek-version: 0", with: "kek-version: -1"),
            text.replacing("kek-version: 0\n", with: "kek-version: 0\nkek-version: 0\n"),
            text.replacing("raft-dek: Ei", with: "raft-dek: Ai"),
            text.replacing("raft-dek: ", with: "raft-dek-pending: "),
            text.replacing("\nMIGH", with: "\nMIGG"),
            self.locked.replacing("\nMIHe", with: "\nMIHd"),
            self.locked.replacing("ICCAAw", with: "IDCAAw"),
            String(repeating: "x", count: 100_000),
        ]
        for text in damaged {
            #expect { try KeyFile(parsing: text, unlockKey: self.unlockKey) } throws: {
                if case .damaged? = $0 as? KeyFileError { true } else { false }
            }
        }
    }

    @Test func `a key in another form is not written`() {
        #expect(throws: KeyFileError.unmade("the key is not PKCS #8 in PEM")) {
            try KeyFile(key: "a key").text(lockedWith: nil)
        }
    }

    @Test func `nothing secret is in a locked file's text`() throws {
        let unlockKey = try #require(self.unlockKey)
        let pending = [UInt8](self.dek.reversed())
        let file = KeyFile(key: self.key, dataKeys: DataKeys(current: self.dek, pending: pending))
        let block = try #require(PEMBlock(parsing: file.text(lockedWith: unlockKey)))
        var content = block.bytes
        for value in block.headers.values { content += Array(Data(base64Encoded: value) ?? Data(value.utf8)) }
        let plain = try PEMDocument(pemString: self.key).derBytes
        for secret in [plain[40..<68], self.dek[...], pending[...], unlockKey.bytes[...]] {
            #expect(content.firstRange(of: secret) == nil)
        }
    }
}
