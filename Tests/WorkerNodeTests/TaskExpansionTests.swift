import Execution
import FoundationEssentials
import ServerTesting
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import WorkerNode

/// What a node fills in of a task before its executor gets it.
@Suite struct TaskExpansionTests {
    private static func secret(_ id: String, _ text: String, template: String? = nil) -> SwarmSecret {
        .with {
            $0.id = id
            $0.spec.data = Data(text.utf8)
            if let template { $0.spec.templating.name = template }
        }
    }

    private static func config(_ id: String, _ text: String, template: String? = nil) -> SwarmConfig {
        .with {
            $0.id = id
            $0.spec.data = Data(text.utf8)
            if let template { $0.spec.templating.name = template }
        }
    }

    /// A task with a secret "key" at tls.key and a config "site" at /etc/site.
    private static let task = SwarmTask.with {
        $0.id = "t1"
        $0.serviceAnnotations.name = "web"
        $0.slot = 2
        $0.spec.container.secrets = [
            .with {
                $0.secretID = "s1"
                $0.secretName = "key"
                $0.file = .with {
                    $0.name = "tls.key"
                    $0.uid = "7"
                    $0.gid = "8"
                    $0.mode = 0o400
                }
            }
        ]
        $0.spec.container.configs = [
            .with {
                $0.configID = "c1"
                $0.configName = "site"
                $0.file.name = "/etc/site"
            }
        ]
    }

    private static func expansion(_ secrets: [SwarmSecret]?, _ configs: [SwarmConfig] = []) -> TaskExpansion {
        let store = DependencyStore()
        if let secrets {
            store.replace(
                secrets: Dictionary(secrets.map { ($0.id, $0) }) { $1 },
                configs: Dictionary(configs.map { ($0.id, $0) }) { $1 }
            )
        }
        return TaskExpansion(dependencies: store) { .with { $0.hostname = "host-1" } }
    }

    @Test func `a task gets its files with owners and permissions`() async throws {
        let files = try await Self.expansion([Self.secret("s1", "S3CRET")], [Self.config("c1", "x=1")])
            .files(of: Self.task)
        #expect(
            files.secrets == [
                .init(
                    name: "tls.key",
                    uid: "7",
                    gid: "8",
                    mode: 0o400,
                    content: Array("S3CRET".utf8),
                    isSensitive: true
                )
            ]
        )
        #expect(files.configs.map(\.name) == ["/etc/site"])
        #expect(files.configs.allSatisfy { !$0.isSensitive && $0.content == Array("x=1".utf8) })
    }

    @Test func `TP-02: templates in files are expanded, and what holds a secret is marked`() async throws {
        let files = try await Self.expansion(
            [Self.secret("s1", "{{.Task.Slot}}", template: "golang")],
            [Self.config("c1", "{{.Node.Hostname}} {{secret \"tls.key\"}}", template: "golang")]
        ).files(of: Self.task)
        #expect(files.secrets[0].content == Array("2".utf8))
        // What a file puts in of another is as it is stored.
        #expect(files.configs[0].content == Array("host-1 {{.Task.Slot}}".utf8))
        #expect(files.configs[0].isSensitive)
    }

    @Test func `a payload without a template driver is given as it is`() async throws {
        let files = try await Self.expansion([Self.secret("s1", "{{.Task.Slot}}")], [Self.config("c1", "{{")])
            .files(of: Self.task)
        #expect(files.secrets[0].content == Array("{{.Task.Slot}}".utf8))
        #expect(files.configs[0].content == Array("{{".utf8))
    }

    @Test func `a secret that a driver made for the task comes before the common one`() async throws {
        let files = try await Self.expansion(
            [Self.secret("s1", "all"), Self.secret("s1.t1", "own"), Self.secret("s1.t2", "other")],
            [Self.config("c1", "x")]
        ).files(of: Self.task)
        #expect(files.secrets[0].content == Array("own".utf8))
    }

    @Test func `what cannot be had is waited for until a manager was heard, and then rejected`() async {
        let unheard = await #expect(throws: ControllerError.self) {
            try await Self.expansion(nil).files(of: Self.task)
        }
        #expect(unheard == .temporary("secret key: it comes with the first word of a manager"))
        let missing = await #expect(throws: ControllerError.self) {
            try await Self.expansion([Self.secret("s1", "x")]).files(of: Self.task)
        }
        #expect(missing == .rejected("config site: the manager did not give it to this node"))
    }

    @Test func `a bad payload names its secret and the place`() async {
        let bad = await #expect(throws: ControllerError.self) {
            try await Self.expansion([Self.secret("s1", "{{.Nope}}", template: "golang")]).files(
                of: Self.task
            )
        }
        guard case .rejected(let reason)? = bad else {
            return #expect(Bool(false), "\(String(describing: bad))")
        }
        #expect(reason.hasPrefix("secret key: template: line 1, column 3: .Nope: there is no field Nope"))
        let driver = await #expect(throws: ControllerError.self) {
            try await Self.expansion([Self.secret("s1", "x", template: "jinja")]).files(of: Self.task)
        }
        #expect(driver == .rejected("secret key: template driver \"jinja\" is not known here"))
    }

    @Test func `the spec is expanded, or left with its fault`() async throws {
        var task = Self.task
        task.spec.container.env = ["HOST={{.Node.Hostname}}"]
        let good = try await Self.expansion([]).expand(task)
        #expect(good.task.spec.container.env == ["HOST=host-1"] && good.fault == nil)
        task.spec.container.hostname = "{{.Nope}}"
        let bad = try await Self.expansion([]).expand(task)
        #expect(bad.task == task)
        #expect(bad.fault?.hasPrefix("container.hostname: template: line 1, column 3: .Nope") == true)
    }

    // MARK: Through an agent

    private func withAgent(
        _ body: @escaping @Sendable (FakeManager, ScriptedExecutor) async throws -> Void
    ) async throws {
        let (manager, executor) = (FakeManager(), ScriptedExecutor())
        try await withFolder { folder in
            try await manager.serve { address in
                let agent = try Agent.make(at: address, in: folder, executor)
                try await with {
                    try await agent.run()
                } _: {
                    try await eventually("assignments") { manager.read { $0.subscriptions } == 1 }
                    try await body(manager, executor)
                }
            }
        }
    }

    @Test func `TP-01: an executor gets its task with templates expanded, and the files of its secrets`()
        async throws
    {
        try await self.withAgent { manager, executor in
            var task = Self.task
            task.nodeID = "node1"
            task.status.state = .assigned
            task.desiredState = .running
            task.spec.container.env = ["A={{.Service.Name}}.{{.Task.Slot}} on {{.Node.Hostname}}"]
            var message = SwarmAssignmentsMessage.incremental(from: 1, [task])
            message.changes += [
                .with { $0.assignment.secret = Self.secret("s1", "S3CRET") },
                .with { $0.assignment.config = Self.config("c1", "{{.Task.ID}}", template: "golang") },
            ]
            manager.assign(message)
            try await eventually("running") { manager.states(of: "t1").last == .running }
            #expect(executor.read { $0.seen["t1"]?.spec.container.env } == ["A=web.2 on scripted"])
            let files = executor.read { $0.files["t1"] }
            #expect(files?.secrets.map(\.content) == [Array("S3CRET".utf8)])
            #expect(files?.configs.map(\.content) == [Array("t1".utf8)])
        }
    }

    @Test func `TP-01: a task whose template fails is rejected with field and place, and can be removed`()
        async throws
    {
        try await self.withAgent { manager, executor in
            var task = SwarmTask.make("t1")
            task.spec.container.env = ["A={{.Service.Labels.zone}}"]
            manager.assign(.incremental(from: 1, [task]))
            try await eventually("rejected") { manager.states(of: "t1").last == .rejected }
            #expect(
                manager.status(of: "t1")?.err.hasPrefix(
                    "container.env[0] (A): template: line 1, column 3: .Service.Labels.zone: map has no entry"
                ) == true
            )
            #expect(executor.starts(of: "t1") == 0)
            manager.assign(.incremental(from: 2, removing: ["t1"]))
            try await eventually("removed") { executor.read { $0.tasks["t1"]?.isRemoved } == true }
        }
    }
}
