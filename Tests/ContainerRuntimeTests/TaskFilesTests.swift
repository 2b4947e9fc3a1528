import ContainerRuntime
import Execution
import Glibc
import LinuxSystem
import SwarmAPI
import SwiftProtobuf
import Testing

/// The secrets and configs of processes.
@Suite struct TaskFilesTests {
    private static func file(
        _ name: String,
        _ text: String,
        uid: String = "0",
        mode: UInt32 = 0o444
    ) -> TaskFiles.File {
        .init(name: name, uid: uid, gid: "0", mode: mode, content: Array(text.utf8), isSensitive: true)
    }

    /// A task that runs `script` with a secret "key" and a config "site.conf".
    private static func task(_ script: String, user: String = "") -> SwarmTask {
        shellTask(script) {
            $0.user = user
            $0.secrets = [
                .with {
                    $0.secretName = "key"
                    $0.file.name = "key"
                }
            ]
            $0.configs = [
                .with {
                    $0.configName = "site"
                    $0.file.name = "site.conf"
                }
            ]
        }
    }

    private static let files = TaskFiles(
        secrets: [Self.file("key", "S3CRET")],
        configs: [Self.file("site.conf", "x=1")]
    )

    private func prepare(
        _ task: SwarmTask,
        on bench: Workbench,
        _ files: @escaping TaskFiles.Source = { Self.files }
    ) async throws -> any Controller {
        let controller = try await bench.executor().controller(for: task, files: files)
        try await controller.prepare()
        return controller
    }

    private static let show = """
        cat $CREDENTIALS_DIRECTORY/key $CONFIGURATION_DIRECTORY/site.conf; echo; \
        stat -c '%a %u' $CREDENTIALS_DIRECTORY/.. $CREDENTIALS_DIRECTORY/key; stat -f -c %T $CREDENTIALS_DIRECTORY/key; \
        echo $CREDENTIALS_DIRECTORY
        """

    @Test func `a process finds its secrets and configs, in memory and for its user alone`() async throws {
        try await Workbench.use { bench in
            let task = Self.task(Self.show, user: "12345")
            let controller = try await self.prepare(task, on: bench)
            try await controller.start()
            #expect(try await end(controller) == nil)
            let lines = text(try await output(controller)).split(separator: "\n").map(String.init)
            #expect(lines.prefix(4) == ["S3CRETx=1", "700 12345", "444 0", "tmpfs"])
            let folder = try #require(lines.last)
            #expect(Files.exists("\(folder)/key"))
            try await controller.remove()
            #expect(!Files.exists(folder))
        }
    }

    @Test func `files have the owner and the permissions that are asked for`() async throws {
        try await Workbench.use { bench in
            let task = Self.task("stat -c '%a %u' $CREDENTIALS_DIRECTORY/key")
            let controller = try await self.prepare(task, on: bench) {
                TaskFiles(
                    secrets: [Self.file("key", "x", uid: "7", mode: 0o440)],
                    configs: Self.files.configs
                )
            }
            try await controller.start()
            #expect(try await end(controller) == nil)
            #expect(text(try await output(controller)) == "440 7\n")
        }
    }

    @Test func `files that memory has lost are written again before the start`() async throws {
        try await Workbench.use { bench in
            let task = Self.task("cat $CREDENTIALS_DIRECTORY/key; echo; echo $CREDENTIALS_DIRECTORY")
            _ = try await self.prepare(task, on: bench)
            try await bench.executor().removeLeftovers(except: [task.id])
            // As after a restart of the machine.
            let memory = try #require(try MemoryFolder(of: bench.directory))
            try Files.removeTree(memory.path)
            let later = try await bench.executor().controller(for: task) { Self.files }
            try await later.start()
            #expect(try await end(later) == nil)
            #expect(text(try await output(later)).hasPrefix("S3CRET\n\(memory.path)/\(task.id)/secrets"))
        }
    }

    @Test func `a task whose files cannot be had is not prepared, and leaves nothing`() async throws {
        try await Workbench.use { bench in
            let task = Self.task("true")
            await #expect(throws: ControllerError.rejected("secret key: no")) {
                _ = try await self.prepare(task, on: bench) {
                    throw ControllerError.rejected("secret key: no")
                }
            }
            let memory = try #require(try MemoryFolder(of: bench.directory))
            #expect(try Files.names(in: memory.path) == [])
            #expect(!Files.exists(bench.folder(task)))
        }
    }

    @Test func `what forgotten tasks left in memory goes with the next start`() async throws {
        try await Workbench.use { bench in
            let (kept, forgotten) = (Self.task("true"), Self.task("true"))
            for task in [kept, forgotten] { _ = try await self.prepare(task, on: bench) }
            try await bench.executor().removeLeftovers(except: [kept.id])
            let memory = try #require(try MemoryFolder(of: bench.directory))
            #expect(try Files.names(in: memory.path) == [kept.id])
        }
    }

    @Test func `a folder that somebody else has made is not used`() async throws {
        try await Workbench.use { bench in
            let memory = try #require(try MemoryFolder(of: bench.directory))
            try memory.make()
            try MemoryFolder.setMode(0o777, of: memory.path)
            await #expect(throws: SystemError.self) {
                _ = try await self.prepare(Self.task("true"), on: bench)
            }
            try MemoryFolder.setMode(0o711, of: memory.path)
        }
    }
}
