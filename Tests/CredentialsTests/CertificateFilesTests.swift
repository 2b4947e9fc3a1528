import Foundation
import ServerTesting
import Testing

@testable import Credentials

@Suite struct CertificateFilesTests {
    /// Runs `body` with a directory that is not there yet, and removes it.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = "/tmp/swarmd-test-\(ProcessInfo.processInfo.globallyUniqueString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body("\(path)/certificates")
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `what is saved is loaded, to the last byte`() throws {
        try self.withDirectory { directory in
            let files = CertificateFiles(directory: directory)
            #expect(try files.loadRoot() == nil)
            #expect(try files.loadKey() == nil)
            let material = try TestAuthority().material()
            #expect(try files.loadCertificate(of: material.keyPEM) == nil)
            try files.saveRoot(material.root)
            try files.save(chain: material.chainPEM, key: "headers\n" + material.keyPEM)
            #expect(try files.loadRoot()?.pem == material.root.pem)
            #expect(try files.loadKey() == "headers\n" + material.keyPEM)
            #expect(try files.loadCertificate(of: material.keyPEM) == material.chainPEM)
            #expect(try self.mode("\(directory)/swarm-root-ca.crt") == 0o644)
            #expect(try self.mode("\(directory)/swarm-node.crt") == 0o644)
            #expect(try self.mode("\(directory)/swarm-node.key") == 0o600)
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(names == ["swarm-node.crt", "swarm-node.key", "swarm-root-ca.crt"])
            try files.remove()
            #expect(try files.loadKey() == nil)
        }
    }

    @Test(arguments: 0...4) func `a crash after any step leaves a certificate and its key`(_ done: Int) throws
    {
        try self.withDirectory { directory in
            let files = CertificateFiles(directory: directory)
            let authority = try TestAuthority()
            let (old, new) = (try authority.material(), try authority.material())
            try files.save(chain: old.chainPEM, key: old.keyPEM)
            let steps = files.steps(chain: new.chainPEM, key: new.keyPEM)
            #expect(steps.count == 4)
            for step in steps.prefix(done) { try step() }
            let key = try #require(try files.loadKey())
            let chain = try files.loadCertificate(of: key)
            // From the moment on at which the key is the new one.
            #expect(key == (done < 3 ? old.keyPEM : new.keyPEM))
            #expect(chain == (done < 3 ? old.chainPEM : new.chainPEM))
            // It is put in its place, and the next change works as ever.
            #expect(try files.loadCertificate(of: key) == chain)
            try files.save(chain: old.chainPEM, key: old.keyPEM)
            #expect(try files.loadCertificate(of: old.keyPEM) == old.chainPEM)
        }
    }

    @Test func `a crash in a first join leaves nothing, or all of it`() throws {
        for done in 0...4 {
            try self.withDirectory { directory in
                let files = CertificateFiles(directory: directory)
                let new = try TestAuthority().material()
                for step in files.steps(chain: new.chainPEM, key: new.keyPEM).prefix(done) { try step() }
                let key = try files.loadKey()
                #expect((key == nil) == (done < 3))
                if let key { #expect(try files.loadCertificate(of: key) == new.chainPEM) }
            }
        }
    }

    @Test func `a key that no certificate has is told`() throws {
        try self.withDirectory { directory in
            let files = CertificateFiles(directory: directory)
            let authority = try TestAuthority()
            let (one, other) = (try authority.material(), try authority.material())
            try files.save(chain: one.chainPEM, key: one.keyPEM)
            #expect(throws: CredentialsError.foreignKey) { try files.loadCertificate(of: other.keyPEM) }
            #expect(throws: CredentialsError.unreadable("node key")) { try files.loadCertificate(of: "x") }
        }
    }
}
