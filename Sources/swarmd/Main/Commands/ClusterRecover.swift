import ArgumentParser
import Credentials
import Foundation
import ManagerNode
import Replication
import SwarmAPI
import Trust

/// `swarmd cluster recover`.
struct ClusterRecover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Bring a cluster back whose managers are lost but for this one.",
        discussion: """
            Works on the state directory of a stopped manager. With --force-new-cluster it becomes the only \
            manager of the cluster; services, tasks and nodes stay as its log has them. Changes that only the \
            lost managers had are gone. Repeating it changes nothing more. Start the manager afterwards with \
            `swarmd run --state-dir` and the --listen-addr, --socket and --hostname that it had, and let new \
            managers join. A locked manager's unlock key is asked for. Never start one of the removed managers with \
            its old directory again: enough of them would go on as a second cluster. Remove their nodes with \
            `swarmd node rm`.

            EXAMPLE
              swarmd cluster recover --force-new-cluster --state-dir /var/lib/swarmd
            """
    )

    @Option(help: ArgumentHelp("Directory of the node's state.", valueName: "directory"))
    var stateDir: String = "/var/lib/swarmd"
    @Flag(help: "Remove all other managers from the group.") var forceNewCluster = false
    @Flag(help: "Do it although other managers answer.") var yesIKnow = false

    func run() async throws {
        guard self.forceNewCluster else {
            throw CommandError(
                "say --force-new-cluster: it removes all other managers from the group for good"
            )
        }
        let directory = try StateDirectory(path: URL(filePath: self.stateDir).path)
        let raft = "\(directory.path)/raft"
        guard let (material, keys, name) = try directory.files.unlockedIdentity(), name.role == .manager,
            let raftID = try MemberFile(directory: raft).load()
        else { throw CommandError("--state-dir \(self.stateDir): it holds no manager") }
        let recovery = Recovery(directory: raft, keys: try LogKeys.ring(of: keys.content))
        if !self.yesIKnow {
            try await LiveGroup.refuse(recovery.others(than: raftID), doing: "recover", as: material)
        }
        let removed = try recovery.forceNewGroup(of: raftID)
        let names = removed.map { $0.addr.isEmpty ? $0.nodeID : $0.addr }.joined(separator: ", ")
        try Terminal.out(
            removed.isEmpty ? "this is the only manager already" : "removed from the group: \(names)"
        )
        if !removed.isEmpty {
            try Terminal.out("delete their state directories: started again, they would be a second cluster")
        }
        try Terminal.out(
            "start it with: swarmd run --state-dir \(self.stateDir), and its --listen-addr, --socket and --hostname"
        )
    }
}
