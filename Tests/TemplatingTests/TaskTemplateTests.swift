import SwarmAPI
import SwiftProtobuf
import Testing

@testable import Templating

/// What templates of tasks know, and where they stand.
@Suite struct TaskTemplateTests {
    static let task = SwarmTask.with {
        $0.id = "task1"
        $0.serviceID = "service1"
        $0.serviceAnnotations.name = "web"
        $0.serviceAnnotations.labels = ["tier": "front"]
        $0.nodeID = "node1"
        $0.slot = 3
        $0.spec.container.env = ["A=1", "RAW={{.Task.ID}}"]
        $0.spec.container.secrets = [
            .with {
                $0.secretID = "s1"
                $0.secretName = "key"
                $0.file.name = "tls.key"
            }
        ]
        $0.spec.container.configs = [
            .with {
                $0.configID = "c1"
                $0.configName = "site"
                $0.file.name = "site.conf"
            }
        ]
    }
    static let node = SwarmNodeDescription.with {
        $0.hostname = "host-1"
        $0.platform.os = "linux"
        $0.platform.architecture = "x86_64"
    }

    static func container(_ change: (inout SwarmContainerSpec) -> Void) throws -> SwarmContainerSpec {
        var spec = SwarmContainerSpec()
        change(&spec)
        return try spec.expanded(for: TaskContext(Self.task, on: Self.node))
    }

    @Test func `TP-01: templates stand in the environment, the host name and mounts, and nowhere else`()
        throws
    {
        let spec = try Self.container {
            $0.env = ["SLOT={{.Task.Slot}}", "{{.Nothing}}=x", "BARE{{", "P=a=b"]
            $0.hostname = "{{.Node.Hostname}}-{{.Task.Slot}}"
            $0.dir = "/{{.Task.ID}}"
            $0.user = "{{.Task.ID}}"
            $0.args = ["{{.Task.ID}}"]
            $0.mounts = [
                .with {
                    $0.source = "vol-{{.Service.Name}}"
                    $0.target = "/data/{{.Task.ID}}"
                    $0.volumeOptions.labels = ["os": "{{.Node.Platform.OS}}"]
                    $0.volumeOptions.driverConfig.options = ["o": "{{.Service.Labels.tier}}"]
                }
            ]
        }
        #expect(spec.env == ["SLOT=3", "{{.Nothing}}=x", "BARE{{", "P=a=b"])
        #expect(spec.hostname == "host-1-3")
        #expect(spec.dir == "/{{.Task.ID}}" && spec.user == "{{.Task.ID}}" && spec.args == ["{{.Task.ID}}"])
        #expect(spec.mounts[0].source == "vol-web" && spec.mounts[0].target == "/data/task1")
        #expect(spec.mounts[0].volumeOptions.labels == ["os": "linux"])
        #expect(spec.mounts[0].volumeOptions.driverConfig.options == ["o": "front"])
    }

    @Test func `TP-01: a missing key is an error that names the field and the place`() {
        let error = #expect(throws: FieldTemplateError.self) {
            try Self.container { $0.env = ["A=1", "B=x{{.Service.Labels.zone}}"] }
        }
        #expect(
            error?.description
                == "env[1] (B): template: line 1, column 4: .Service.Labels.zone: map has no entry for key \"zone\""
        )
        let mount = #expect(throws: FieldTemplateError.self) {
            try Self.container { $0.mounts = [.with { $0.target = "{{foo}}" }] }
        }
        #expect(mount?.field == "mounts[0].target")
    }

    @Test func `a spec without templates stays as it is`() throws {
        let mount = SwarmMount.with { $0.target = "/a" }
        let spec = try Self.container { $0.mounts = [mount] }
        #expect(!spec.hasTemplates && spec.mounts == [mount])
        #expect(!spec.mounts[0].hasVolumeOptions)
    }

    static let facts: [(text: String, result: String)] = [
        ("{{.Service.ID}} {{.Service.Name}} {{.Service.Labels.tier}}", "service1 web front"),
        (
            "{{.Node.ID}} {{.Node.Hostname}} {{.Node.Platform.OS}} {{.Node.Platform.Architecture}}",
            "node1 host-1 linux x86_64"
        ),
        ("{{.Task.ID}} {{.Task.Name}} {{.Task.Slot}}", "task1 web.3.task1 3"),
        ("{{join \"/\" .Service.Name .Task.Slot}}", "web/3"),
    ]

    @Test(arguments: Self.facts)
    func `TP-02: a template knows its service, node and task`(text: String, result: String) throws {
        #expect(try Self.container { $0.hostname = text }.hostname == result)
    }

    @Test func `TP-02: a task without a slot has its node's id for one`() throws {
        var task = Self.task
        task.slot = 0
        let spec = SwarmContainerSpec.with { $0.hostname = "{{.Task.Slot}} {{.Task.Name}}" }
        #expect(try spec.expanded(for: TaskContext(task, on: nil)).hostname == "node1 web.node1.task1")
    }

    // MARK: Payloads

    static func expand(_ text: String, secret: String? = "S3CRET") throws -> PayloadContext.Expansion {
        let context = PayloadContext(Self.task, on: Self.node) { id in
            id == "s1" ? secret.map { Array($0.utf8) } : nil
        } config: { id in
            id == "c1" ? Array("{{.Task.ID}}".utf8) : nil
        }
        return try context.expand(Array(text.utf8))
    }

    static let payloads: [(text: String, result: String, isSensitive: Bool)] = [
        ("plain", "plain", false),
        ("{{.Service.Name}}.{{.Task.Slot}}", "web.3", false),
        ("key={{secret \"tls.key\"}}", "key=S3CRET", true),
        // What another file holds is put in as it is stored.
        ("{{config \"site.conf\"}}", "{{.Task.ID}}", false),
        ("{{env \"A\"}}|{{env \"NONE\"}}|{{env \"RAW\"}}", "1||{{.Task.ID}}", false),
        ("{{if false}}{{secret \"tls.key\"}}{{end}}x", "x", false),
    ]

    @Test(arguments: Self.payloads)
    func `TP-02: a payload also has secret, config and env`(
        text: String,
        result: String,
        isSensitive: Bool
    ) throws {
        let expansion = try Self.expand(text)
        #expect(String(decoding: expansion.bytes, as: UTF8.self) == result)
        #expect(expansion.isSensitive == isSensitive)
    }

    @Test func `TP-02: a payload reaches nothing that its task does not have`() {
        let cases = [
            ("{{secret \"key\"}}", "secret target key not found"),
            ("{{config \"x\"}}", "config target x not found"),
            ("{{secret}}", "there is one argument, a name"),
            ("{{file \"/etc/shadow\"}}", "there is no function"),
        ]
        for (text, message) in cases {
            let error = #expect(throws: TemplateError.self) { _ = try Self.expand(text) }
            #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        }
        let absent = #expect(throws: TemplateError.self) {
            _ = try Self.expand("{{secret \"tls.key\"}}", secret: nil)
        }
        #expect(absent?.message.contains("this node was not given secret tls.key") == true)
    }
}
