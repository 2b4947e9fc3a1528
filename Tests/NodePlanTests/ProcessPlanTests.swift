import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import NodePlan

@Suite struct ProcessPlanTests {
    private func task(_ change: (inout SwarmContainerSpec) -> Void = { _ in }) -> SwarmTask {
        .with {
            $0.id = "task1"
            $0.spec.container = .with {
                $0.image = "host"
                $0.command = ["/bin/echo"]
                change(&$0)
            }
        }
    }

    private func plan(_ change: (inout SwarmContainerSpec) -> Void = { _ in }) throws -> ProcessPlan {
        try ProcessPlan(self.task(change), hostname: "node1")
    }

    @Test func `a spec that says little gets docker's defaults`() throws {
        let plan = try self.plan()
        #expect(plan.arguments == ["/bin/echo"])
        #expect(plan.environment == ["PATH=\(ProcessPlan.defaultPath)", "HOSTNAME=node1"])
        #expect(plan.directory == "/")
        #expect(plan.user == nil)
        #expect(plan.stopSignal == 15)
        #expect(plan.stopGrace == .seconds(10))
        #expect(plan.limits == ResourceLimits())
        #expect(plan.log == .standard)
        #expect(plan.wantsHome)
    }

    @Test func `args follow the command, or stand alone`() throws {
        #expect(try self.plan { $0.args = ["a", "b"] }.arguments == ["/bin/echo", "a", "b"])
        let alone = try self.plan {
            $0.command = []
            $0.args = ["ls", "/"]
        }
        #expect(alone.arguments == ["ls", "/"])
    }

    @Test func `a zero grace period is a choice`() throws {
        #expect(try self.plan { $0.stopGracePeriod = SwarmDuration() }.stopGrace == .zero)
    }

    @Test func `HOME is left to the machine unless the spec speaks of it`() throws {
        #expect(try !self.plan { $0.env = ["HOME=/x"] }.wantsHome)
        #expect(try !self.plan { $0.env = ["HOME"] }.wantsHome)
    }

    private struct Refusal: Sendable {
        let field: String
        let change: @Sendable (inout SwarmContainerSpec) -> Void

        init(_ field: String, _ change: @escaping @Sendable (inout SwarmContainerSpec) -> Void) {
            self.field = field
            self.change = change
        }
    }

    private static let refusals: [Refusal] = [
        Refusal("container.image") { $0.image = "nginx" },
        Refusal("container.command") { $0.command = [] },
        Refusal("container.command") { $0.args = ["a\u{0}b"] },
        Refusal("container.env") { $0.env = ["A=\u{0}"] },
        Refusal("container.dir") { $0.dir = "relative" },
        Refusal("container.user") { $0.user = ":group" },
        Refusal("container.user") { $0.user = "user:" },
        Refusal("container.stop_signal") { $0.stopSignal = "SIGNOT" },
        Refusal("container.stop_grace_period") { $0.stopGracePeriod = .with { $0.seconds = -1 } },
        Refusal("container.mounts") { $0.mounts = [SwarmMount()] },
        Refusal("container.secrets") { $0.secrets = [.with { $0.file.name = "/etc/key" }] },
        Refusal("container.secrets") { $0.secrets = [.with { $0.file.name = ".." }] },
        Refusal("container.configs") { $0.configs = [.with { $0.runtime = .init() }] },
        Refusal("container.read_only") { $0.readOnly = true },
        Refusal("container.capability_drop") { $0.capabilityDrop = ["ALL"] },
        Refusal("container.healthcheck") { $0.healthcheck = .with { $0.test = ["CMD", "true"] } },
    ]

    @Test(arguments: Self.refusals.indices)
    func `what a process cannot be is refused by the field's name`(index: Int) {
        let refusal = Self.refusals[index]
        let error = #expect(throws: PlanError.self) { try self.plan(refusal.change) }
        #expect(error?.field == refusal.field)
    }

    @Test func `a disabled health check and empty privileges are no demand`() throws {
        _ = try self.plan {
            $0.healthcheck = .with { $0.test = ["NONE"] }
            $0.privileges = SwarmPrivileges()
        }
    }

    @Test func `a task that is no container is refused`() {
        let error = #expect(throws: PlanError.self) {
            try ProcessPlan(.with { $0.spec.generic = SwarmGenericRuntimeSpec() }, hostname: "h")
        }
        #expect(error?.field == "runtime")
    }

    @Test func `limits of zero are none`() throws {
        var task = self.task { $0.pidsLimit = 7 }
        task.spec.resources.limits = .with { $0.memoryBytes = 4 << 20 }
        let limits = try ProcessPlan(task, hostname: "h").limits
        #expect(limits == ResourceLimits(memoryBytes: 4 << 20, nanoCPUs: nil, processes: 7))
    }
}
