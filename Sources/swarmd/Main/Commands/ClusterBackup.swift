import ArgumentParser
import ControlClient
import Foundation
import LinuxSystem
import Replication
import SwarmAPI
import SwiftProtobuf

/// `swarmd cluster backup`.
struct ClusterBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write the cluster's whole state to a file, while it runs.",
        discussion: """
            The file is of one moment, not before the command began. It holds services, tasks, nodes, networks, \
            configs and secrets, the secrets in clear: it is made with mode 600, keep it so. Bring it back with \
            `swarmd cluster restore`.

            EXAMPLE
              swarmd cluster backup /root/cluster.backup
            """
    )

    @OptionGroup var daemon: SocketOption
    @Flag(help: "Overwrite the file if it is there.") var force = false
    @Argument(help: ArgumentHelp("The file to write.", valueName: "file")) var file: String

    func run() async throws {
        guard self.force || !FileManager.default.fileExists(atPath: self.file) else {
            throw CommandError("\(self.file) is there already: name another file, or give --force")
        }
        let type = try? FileManager.default.attributesOfItem(atPath: self.file)[.type] as? FileAttributeType
        guard type == nil || type == .typeRegular else {
            throw CommandError("\(self.file) is no regular file: name another one")
        }
        let (index, body) = try await self.daemon.connect { try await $0.backup() }
        let bytes = Backup(index: index, body: body).bytes
        do { try Files.replace(self.file, with: bytes) } catch {
            throw CommandError("the backup can't be written: \(error)")
        }
        try Terminal.out("\(self.file): \(bytes.count) bytes, the cluster as of log entry \(index)")
    }
}
