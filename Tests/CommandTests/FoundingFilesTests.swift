import Credentials
import Foundation
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing
import Trust

@testable import swarmd

@Suite struct FoundingFilesTests {
    private static let now = Timestamp(seconds: 1_800_000_000)

    private static func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "founding-\(UInt64.random(in: 0 ... .max))"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private static let request = SwarmdInitClusterRequest.with {
        $0.listenAddr = "127.0.0.1:1"
        $0.spec.encryptionConfig.autoLockManagers = true
    }

    @Test func `a founding that was cut short goes on with the same node and the same root`() throws {
        try Self.inFolder { path in
            let files = NodeFiles(path: path)
            let first = try ClusterFounding(files: files).make(Self.request, at: Self.now)
            #expect(
                try files.holdings() == NodeLife.Holdings(name: first.material.name, founding: Self.request)
            )
            let second = try ClusterFounding(files: files).make(Self.request, at: Self.now)
            #expect(second.material.name == first.material.name)
            #expect(try second.root.pem == first.root.pem)
        }
    }

    @Test func `a crash between the root and the certificate loses nothing`() throws {
        try Self.inFolder { path in
            let files = NodeFiles(path: path)
            let root = try RootAuthority(at: Self.now)
            try files.founding.save(Self.request, root)
            #expect(try files.holdings() == NodeLife.Holdings(founding: Self.request))
            #expect(try ClusterFounding(files: files).make(Self.request, at: Self.now).root.pem == root.pem)
        }
    }

    @Test func `a founding that is over leaves no key of the root, also after a crash in the middle of that`()
        throws
    {
        try Self.inFolder { path in
            let files = NodeFiles(path: path)
            let made = try ClusterFounding(files: files).make(Self.request, at: Self.now)
            let key = "\(path)/certificates/swarm-root-ca.key"
            #expect(FileManager.default.fileExists(atPath: key))
            try FileManager.default.removeItem(atPath: key)
            #expect(try files.holdings() == NodeLife.Holdings(name: made.material.name))
            try files.founding.remove()
            #expect(!FileManager.default.fileExists(atPath: "\(path)/founding"))
        }
    }

    @Test func `a node that is forgotten leaves an empty directory`() throws {
        try Self.inFolder { path in
            let files = NodeFiles(path: path)
            _ = try ClusterFounding(files: files).make(Self.request, at: Self.now)
            try files.forget()
            #expect(try files.holdings() == NodeLife.Holdings())
            let left = try FileManager.default.subpathsOfDirectory(atPath: path)
            #expect(left.filter { $0 != "certificates" }.isEmpty)
        }
    }
}
