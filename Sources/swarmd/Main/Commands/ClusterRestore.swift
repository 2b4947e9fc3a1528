import ArgumentParser
import Credentials
import Foundation
import LinuxSystem
import Logging
import Primitives
import Replication
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Trust
import WorkerNode

/// `swarmd cluster restore`.
struct ClusterRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a new manager's state directory from a backup.",
        discussion: """
            The directory must hold no node yet. Start the manager on it afterwards with `swarmd run --state-dir`: \
            it is the only manager of the restored cluster, under an identity of its own; workers that are told \
            to join it come back with theirs. As long as a manager of the old group answers, nothing is done: \
            two clusters that think they are the same one destroy each other's work.

            EXAMPLE
              swarmd cluster restore /root/cluster.backup --state-dir /var/lib/swarmd
            """
    )

    @Option(help: ArgumentHelp("Directory of the new node's state.", valueName: "directory"))
    var stateDir: String = "/var/lib/swarmd"
    @Flag(help: "Restore although managers of the old group answer.") var yesIKnow = false
    @Argument(help: ArgumentHelp("The backup.", valueName: "file")) var file: String

    func run() async throws {
        guard let data = FileManager.default.contents(atPath: self.file) else {
            throw CommandError("\(self.file) can't be read")
        }
        let backup = try Backup(Array(data), path: self.file)
        let material = try self.certificate(from: backup)
        if !self.yesIKnow { try await LiveGroup.refuse(backup.members, doing: "restore", as: material) }
        let directory = try StateDirectory(path: URL(filePath: self.stateDir).path)
        guard try directory.files.holdings() == NodeLife.Holdings() else {
            throw CommandError("--state-dir \(self.stateDir): it holds a node already")
        }
        let member = SwarmRaftMember.with {
            $0.raftID = UInt64.random(in: 1...(.max >> 1))
            $0.nodeID = material.name.node
        }
        try Recovery(directory: "\(directory.path)/raft").restore(backup, as: member)
        _ = try directory.files.keep(material)
        try NodeState(nodeID: material.name.node).save(to: directory.path)
        try Terminal.out(
            "restored the cluster as of log entry \(backup.index); start it with: swarmd run --state-dir \(self.stateDir)"
        )
    }

    /// The certificate of the new manager, from the root whose key is in the backup.
    private func certificate(from backup: Backup) throws -> NodeCredentials.Material {
        let snapshot = try SwarmSnapshot(serializedBytes: backup.body)
        guard let cluster = snapshot.store.clusters.first, !cluster.rootCa.caKey.isEmpty else {
            throw CommandError(
                "\(self.file): it has no root key, so no manager of its cluster can be made from it"
            )
        }
        let root = try RootAuthority(
            certificate: String(decoding: cluster.rootCa.caCert, as: UTF8.self),
            key: String(decoding: cluster.rootCa.caKey, as: UTF8.self)
        )
        return try ClusterFounding.certificate(
            of: root,
            cluster: cluster.id,
            cluster.spec.caConfig,
            at: SystemClock().now
        )
    }
}

/// The check that nobody is about to split a cluster in two.
enum LiveGroup {
    /// Throws if a manager of `members` answers.
    static func refuse(
        _ members: [SwarmRaftMember],
        doing verb: String,
        as material: NodeCredentials.Material
    ) async throws {
        let credentials = try NodeCredentials(
            material,
            log: Logger(label: "swarmd") { _ in SwiftLogNoOpLogHandler() }
        )
        var alive: [String] = []
        for member in members where !member.addr.isEmpty {
            let answer: Void? = try? await MembershipCalls.check(member.addr, security: credentials)
            if answer != nil { alive.append(member.addr) }
        }
        guard !alive.isEmpty else { return }
        throw CommandError(
            "managers of this cluster answer at \(alive.joined(separator: ", ")): to \(verb) now "
                + "would split it in two; stop them, or give --yes-i-know"
        )
    }
}
