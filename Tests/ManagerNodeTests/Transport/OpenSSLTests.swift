import Credentials
import Foundation
import Primitives
import ServerTesting
import Testing
import Trust
import X509

@testable import ManagerNode

/// The certificates as OpenSSL sees them.
@Suite(.timeLimit(.minutes(1))) struct OpenSSLTests {
    /// Runs a program in a directory with `files`; returns its exit status and what it said.
    private static func run(
        _ program: String,
        _ arguments: [String],
        _ files: [String: String]
    ) async throws -> (status: Int32, output: String) {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files {
            try text.write(to: directory.appending(path: name), atomically: false, encoding: .utf8)
        }
        let output = directory.appending(path: "output")
        #expect(FileManager.default.createFile(atPath: output.path, contents: nil))
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { ended.resume(throwing: error) }
        }
        // What HTTP/2 says is no text.
        return (process.terminationStatus, String(decoding: try Data(contentsOf: output), as: UTF8.self))
    }

    /// The moment at which the certificates of tests are looked at.
    private static let time = ["-attime", "\(TestAuthority.start.nanoseconds / 1_000_000_000 + 60)"]

    /// Connects as somebody who trusts `root` and wants a manager.
    private static func connect(
        _ port: Int,
        _ root: String,
        _ more: [String] = []
    ) async throws -> (status: Int32, output: String) {
        let arguments = [
            "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", "root.pem", "-verify_return_error",
            "-verify", "4", "-verify_hostname", "swarm-manager", "-alpn", "h2", "-no-CApath",
        ]
        return try await Self.run("/usr/bin/openssl", arguments + Self.time + more, ["root.pem": root])
    }

    @Test func `s_client accepts a manager's chain, and speaks HTTP 2`() async throws {
        let lab = try TLSLab()
        try await lab.serve { port in
            for version in ["-tls1_2", "-tls1_3"] {
                let (status, output) = try await Self.connect(port, lab.authority.root.pem, [version])
                #expect(status == 0, "\(output)")
                #expect(output.contains("ALPN protocol: h2"))
                #expect(output.contains("Verify return code: 0 (ok)"))
                // Who is asked for a certificate is not told by whom.
                #expect(output.contains("No client certificate CA names sent"))
            }
            let other = try TestAuthority()
            #expect(try await Self.connect(port, other.root.pem).status != 0)
        }
    }

    @Test func `OpenSSL accepts the chain in the middle of a root's rotation`() async throws {
        let lab = try TLSLab()
        let next = try TestAuthority()
        let link = try lab.authority.root.crossSign(next.root.certificate)
        let material = try next.material(links: [link], trusted: lab.authority.bundle)
        try lab.credentials.replace(material)
        try await lab.serve { port in
            for root in try [lab.authority.root.pem, next.root.pem] {
                let (status, output) = try await Self.connect(port, root)
                #expect(status == 0, "\(output)")
                let verified = try await Self.run(
                    "/usr/bin/openssl",
                    ["verify", "-no-CApath", "-CAfile", "root.pem", "-untrusted", "link.pem"] + Self.time
                        + ["leaf.pem"],
                    ["root.pem": root, "link.pem": try link.text, "leaf.pem": material.chainPEM]
                )
                #expect(verified.status == 0, "\(verified.output)")
            }
        }
    }

    @Test func `a session that is taken up again is no proof of who calls`() async throws {
        let lab = try TLSLab()
        let worker = try lab.authority.material(NodeName(cluster: "c1", role: .worker, node: "w1"))
        try await lab.serve { port in
            let script = """
                openssl s_client -connect 127.0.0.1:\(port) -tls1_2 -cert node.pem -key node.key \
                -sess_out session -alpn h2 </dev/null
                openssl s_client -connect 127.0.0.1:\(port) -tls1_2 -cert node.pem -key node.key \
                -sess_in session -alpn h2 </dev/null
                """
            let said = try await Self.run(
                "/bin/sh",
                ["-c", script],
                ["node.pem": worker.chainPEM, "node.key": worker.keyPEM]
            ).output
            // Either the session is not taken up and the certificate is looked at again, or the connection ends.
            let resumed = said.contains("Reused, TLS")
            #expect(lab.refusals.counts[.certificate, default: 0] == (resumed ? 1 : 0), "\(said)")
        }
    }
}
