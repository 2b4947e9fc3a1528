import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct TaskViewTests {
    private static func state() throws -> StoreState {
        var transaction = Transaction(on: StoreState(), version: 1, now: TestManager.now)
        var labelled = Fixture.task("t1", service: "s1", slot: 1, node: "n1")
        labelled.serviceAnnotations.name = "web"
        labelled.serviceAnnotations.labels = ["a": "b"]
        try transaction.create(labelled)
        try transaction.create(Fixture.task("t2", service: "s1", slot: 2, node: "n2"))
        var ending = Fixture.task("t3", service: "s2", slot: 0, node: "n1")
        ending.desiredState = .shutdown
        try transaction.create(ending)
        return transaction.state
    }

    @Test func `a task is named by service, slot or node, and identifier`() {
        var task = Fixture.task("t", slot: 3, node: "n")
        task.serviceAnnotations.name = "web"
        #expect(TaskView.name(of: task) == "web.3.t")
        task.slot = 0
        #expect(TaskView.name(of: task) == "web.n.t")
        task.annotations.name = "own"
        #expect(TaskView.name(of: task) == "own")
    }

    @Test(arguments: [
        (SwarmListTasksRequest.Filters(), ["t1", "t2", "t3"]),
        (.with { $0.serviceIds = ["s1"] }, ["t1", "t2"]),
        (.with { $0.serviceIds = ["s2", "s1", "s2"] }, ["t1", "t2", "t3"]),
        (.with { $0.nodeIds = ["n1"] }, ["t1", "t3"]),
        (
            .with {
                $0.serviceIds = ["s1"]; $0.nodeIds = ["n1"]
            }, ["t1"]
        ),
        (.with { $0.names = ["web.1.t1"] }, ["t1"]),
        (.with { $0.namePrefixes = ["web."] }, ["t1"]),
        (.with { $0.idPrefixes = ["t3", "x"] }, ["t3"]),
        (.with { $0.labels = ["a": ""] }, ["t1"]),
        (.with { $0.desiredStates = [.shutdown] }, ["t3"]),
        (.with { $0.runtimes = ["container"] }, []),
        (.with { $0.upToDate = true }, []),
    ])
    func `filters choose tasks`(_ filters: SwarmListTasksRequest.Filters, _ expected: [String]) throws {
        #expect(TaskView.tasks(matching: filters, in: try Self.state()).map(\.id) == expected)
    }

    @Test func `a task is up to date with the spec, not with the service's every change`() throws {
        let service = SwarmService.with {
            $0.id = "s1"
            $0.spec = Fixture.spec()
            $0.specVersion.index = 5
        }
        var task = Fixture.task("t", node: "n1", state: .running)
        task.spec = service.spec.task
        let judge: (SwarmTask, SwarmService) throws -> Bool = { task, service in
            var transaction = Transaction(on: StoreState(), version: 1, now: TestManager.now)
            try transaction.create(service)
            try transaction.create(Fixture.node("n1", hostname: "alpha"))
            return TaskView.isUpToDate(task, in: transaction.state)
        }
        #expect(try judge(task, service))
        var changed = service
        changed.spec.task.container.image = "other"
        #expect(try !judge(task, changed))
        task.specVersion.index = 5
        #expect(try judge(task, changed))
        task.clearSpecVersion()

        changed = service
        changed.spec.task.placement.constraints = ["node.hostname==alpha"]
        #expect(try judge(task, changed))
        changed.spec.task.placement.constraints = ["node.hostname==beta"]
        #expect(try !judge(task, changed))

        changed = service
        changed.spec.task.container.pullOptions.registryAuth = "new"
        #expect(try judge(task, changed))
        task.status.state = .new
        #expect(try !judge(task, changed))
    }
}
