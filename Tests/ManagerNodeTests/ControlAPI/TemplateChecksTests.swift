import FoundationEssentials
import GRPCCore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

/// Templates that could be expanded for no task are refused before one waits for that.
@Suite struct TemplateChecksTests {
    private static func create(_ spec: SwarmServiceSpec, _ manager: TestManager) async throws -> SwarmService
    {
        try await manager.control.createService(
            request: .with { $0.spec = spec },
            context: manager.context
        ).service
    }

    struct BadTemplate: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let change: @Sendable (inout SwarmServiceSpec) -> Void
    }

    static let badTemplates: [BadTemplate] = [
        .init(testDescription: "env[0] (A): template: line 1, column 1: an action is not closed") {
            $0.task.container.env = ["A={{.Task.ID"]
        },
        .init(
            testDescription: "env[0] (A): template: line 1, column 3: .Service.Labels.zone: map has no entry"
        ) {
            $0.task.container.env = ["A={{.Service.Labels.zone}}"]
        },
        .init(testDescription: "hostname: template: line 1, column 3: there is no function \"secret\"") {
            $0.task.container.hostname = "{{secret \"a\"}}"
        },
        .init(
            testDescription:
                "mounts[0].source: template: line 1, column 3: .Node.Nope: there is no field Nope"
        ) {
            $0.task.container.mounts = [
                .with {
                    $0.source = "{{.Node.Nope}}"
                    $0.target = "/a"
                }
            ]
        },
        .init(testDescription: "duplicate mount point: /serviceid") {
            $0.task.container.mounts = [
                .with { $0.target = "/{{.Service.ID}}" }, .with { $0.target = "/serviceid" },
            ]
        },
    ]

    @Test(arguments: Self.badTemplates)
    func `CA-14: a bad template in a spec is refused by create and update`(_ bad: BadTemplate) async throws {
        try await TestManager.run { manager in
            let there = try await Self.create(Fixture.spec("there"), manager)
            let before = await manager.state.services.all
            var spec = Fixture.spec("there")
            bad.change(&spec)
            let onUpdate = await rpcError { [spec] in
                _ = try await manager.control.updateService(
                    request: .with {
                        $0.serviceID = there.id
                        $0.serviceVersion = there.meta.version
                        $0.spec = spec
                    },
                    context: manager.context
                )
            }
            spec.annotations.name = "new"
            let onCreate = await rpcError { [spec] in _ = try await Self.create(spec, manager) }
            for error in [onCreate, onUpdate] {
                #expect(error?.code == .invalidArgument, "\(String(describing: error))")
                #expect(
                    error?.message.contains("ContainerSpec: \(bad.testDescription)") == true,
                    "\(String(describing: error))"
                )
            }
            #expect(await manager.state.services.all == before)
        }
    }

    @Test func `CA-14: a template is tried with the service's own labels, and stored as it came`()
        async throws
    {
        try await TestManager.run { manager in
            var spec = Fixture.spec()
            spec.annotations.labels = ["zone": "a"]
            spec.task.container.env = ["ZONE={{.Service.Labels.zone}}", "SLOT={{.Task.Slot}}"]
            let made = try await Self.create(spec, manager)
            #expect(made.spec == spec)
        }
    }

    @Test func `a payload's template must be one, and of a kind that nodes know`() async throws {
        try await TestManager.run { manager in
            let cases: [(driver: String, data: String, message: String)] = [
                ("jinja", "x", "templating: \"jinja\" is not known, only golang is"),
                ("golang", "a\nb {{ env", "data: template: line 2, column 3: an action is not closed"),
                ("golang", "{{ nope }}", "data: template: line 1, column 4: there is no function \"nope\""),
            ]
            for (driver, data, message) in cases {
                let secret = await rpcError {
                    _ = try await manager.control.createSecret(
                        request: .with {
                            $0.spec.annotations.name = "a"
                            $0.spec.templating.name = driver
                            $0.spec.data = Data(data.utf8)
                        },
                        context: manager.context
                    )
                }
                let config = await rpcError {
                    _ = try await manager.control.createConfig(
                        request: .with {
                            $0.spec.annotations.name = "a"
                            $0.spec.templating.name = driver
                            $0.spec.data = Data(data.utf8)
                        },
                        context: manager.context
                    )
                }
                for error in [secret, config] {
                    #expect(error?.code == .invalidArgument)
                    #expect(error?.message.hasPrefix(message) == true, "\(String(describing: error))")
                }
            }
            let config = try await manager.control.createConfig(
                request: .with {
                    $0.spec.annotations.name = "a"
                    $0.spec.templating.name = "golang"
                    $0.spec.data = Data("{{secret \"key\"}} {{env \"A\"}}".utf8)
                },
                context: manager.context
            ).config
            #expect(config.spec.templating.name == "golang")
        }
    }
}
