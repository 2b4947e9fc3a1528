import ContainerRuntime
import LinuxSystem
import Logging
import ManagerNode
import ServiceLifecycle
import UnixSignals

/// The daemon of one node: there for its operators whatever the node is, until it is told to stop.
struct NodeDaemon: Sendable {
    private let options: RunOptions
    private let log: Logger

    init(options: RunOptions, log: Logger) {
        self.options = options
        self.log = log
    }

    func run() async throws {
        // Before there is a directory: nothing is left behind by a command line that can't be.
        let certificates = "\(self.options.stateDirectory)/certificates"
        try self.options.checkToken(isMember: Files.exists(certificates))
        self.raiseOpenFiles()
        let directory = try StateDirectory(path: self.options.stateDirectory)
        let executor = try self.options.executor.make(self.settings, log: self.log)
        let shell = NodeShell(
            options: self.options,
            files: directory.files,
            executor: executor,
            socket: LocalSocket(path: self.options.socketPath, log: self.log),
            log: self.log
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: DaemonService { try await shell.run() },
                        successTerminationBehavior: .gracefullyShutdownGroup
                    )
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "swarmd.lifecycle") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        do {
            try await group.run()
        } catch let error as CommandError {
            throw CommandError(FieldNames.translated(error.description))
        } catch let error as ListenError {
            throw CommandError("--socket: \(error)")
        } catch {
            throw CommandError("\(error)")
        }
        // The directory stays ours until everything in it is closed.
        _ = consume directory
        self.log.notice("stopped; tasks go on running")
    }

    /// A manager has a connection of each node, and a login gives no more than 1,024 files.
    private func raiseOpenFiles() {
        do {
            let limit = try CurrentProcess.raiseOpenFiles()
            self.log.debug("open files", metadata: ["limit": "\(limit)"])
        } catch {
            self.log.warning("the limit of open files stays", metadata: ["error": "\(error)"])
        }
    }

    private var settings: ExecutorSettings {
        ExecutorSettings(
            stateDirectory: self.options.stateDirectory,
            hostname: self.options.hostname,
            engineVersion: Version.text
        )
    }
}

/// Work that ends when a signal asks for it.
private struct DaemonService: Service {
    let work: @concurrent @Sendable () async throws -> Void

    func run() async throws {
        do {
            try await self.work()
        } catch is CancellationError {
            // The end that was asked for.
        }
    }
}
