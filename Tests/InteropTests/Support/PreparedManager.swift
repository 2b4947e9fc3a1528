import Credentials
import Foundation
import LinuxSystem
import Replication
import SwarmAPI
import SwiftProtobuf
import Trust
import WorkerNode

@testable import swarmd

/// The state directory of a manager with a long log in small segments, as years of work would leave it.
///
/// Segments of a running manager are of 16 MiB. That these are smaller makes a few writes begin a new one, and a
/// snapshot remove old ones.
enum PreparedManager {
    /// Entries of the log, more than are kept behind a snapshot.
    static let entries: UInt64 = 620
    private static let segmentBytes: UInt64 = 8 << 10
    private static let raftID: UInt64 = 0x1f2e

    /// Makes the directory at `path`.
    static func make(at path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let node = "preparedpreparedprepared1"
        try NodeState(nodeID: node).save(to: path)
        try Self.found(node, in: NodeFiles(path: path))
        var limits = LogLimits()
        limits.segmentBytes = Self.segmentBytes
        var storage = try LogStorage(directory: "\(path)/raft", limits: limits)
        let founder = SwarmRaftMember.with {
            $0.raftID = Self.raftID
            $0.nodeID = node
        }
        let founding = GroupStart(storage, origin: .found(founder)).records
        let empty = (2...Self.entries).map { LogRecord.entry(LogEntry(term: 1, index: $0)) }
        let state = RaftHardState.with {
            $0.term = 1
            $0.commit = Self.entries
        }
        try storage.log.append(founding + empty + [.hardState(state)])
        try MemberFile(directory: "\(path)/raft").store(Self.raftID)
    }

    /// Leaves what a founder has whose cluster object never came into its log.
    private static func found(_ node: String, in files: NodeFiles) throws {
        let now = SystemClock().now
        let root = try RootAuthority(at: now)
        let request = try SigningRequest()
        let name = NodeName(cluster: "preparedpreparedprepared2", role: .manager, node: node)
        let leaf = try root.sign(CertificateRequest(pem: request.pem), as: name, at: now)
        try files.founding.save(SwarmdInitClusterRequest(), root)
        let material = try NodeCredentials.Material(
            root: RootBundle(pem: root.pem),
            chainPEM: leaf.text,
            keyPEM: request.keyPEM
        )
        _ = try files.keep(material)
    }
}
