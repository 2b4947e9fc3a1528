import ArgumentParser
import Foundation
import Primitives
import Replication
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
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
        if !self.yesIKnow { try await LiveGroup.refuse(backup.members, doing: "restore") }
        let directory = try StateDirectory(path: URL(filePath: self.stateDir).path)
        guard directory.node == nil, !directory.isManagers else {
            throw CommandError("--state-dir \(self.stateDir): it holds a node already")
        }
        var generator = SystemRandomNumberGenerator()
        let nodeID = Identifier.make(using: &generator)
        let member = SwarmRaftMember.with {
            $0.raftID = UInt64.random(in: 1...(.max >> 1), using: &generator)
            $0.nodeID = nodeID
        }
        try Recovery(directory: "\(directory.path)/raft").restore(backup, as: member)
        try NodeState(nodeID: nodeID).save(to: directory.path)
        try Terminal.out(
            "restored the cluster as of log entry \(backup.index); start it with: swarmd run --state-dir \(self.stateDir)"
        )
    }
}

/// The check that nobody is about to split a cluster in two.
enum LiveGroup {
    /// Throws if a manager of `members` answers.
    static func refuse(_ members: [SwarmRaftMember], doing verb: String) async throws {
        var alive: [String] = []
        for member in members where !member.addr.isEmpty {
            let answer: Void? = try? await MembershipCalls.check(member.addr, security: UncertifiedNode())
            if answer != nil { alive.append(member.addr) }
        }
        guard !alive.isEmpty else { return }
        throw CommandError(
            "managers of this cluster answer at \(alive.joined(separator: ", ")): to \(verb) now "
                + "would split it in two; stop them, or give --yes-i-know"
        )
    }
}
