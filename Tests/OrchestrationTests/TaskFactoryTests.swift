import Orchestration
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct `A new task` {
    private let service = SwarmService.with {
        $0.id = "s1"
        $0.specVersion.index = 7
        $0.spec.annotations.name = "web"
        $0.spec.task.container.image = "nginx"
        $0.spec.endpoint.ports = [.with { $0.publishedPort = 80 }]
    }

    @Test func `is a copy of what its service says`() {
        var generator = SeededGenerator(seed: 1)
        let factory = TaskFactory(cluster: nil, now: Timestamp(seconds: 5))
        let task = factory.make(for: self.service, slot: 3, using: &generator)
        #expect(Identifier.isValid(task.id))
        #expect(task.serviceID == "s1")
        #expect(task.slot == 3)
        #expect(task.nodeID == "")
        #expect(task.spec == self.service.spec.task)
        #expect(task.specVersion.index == 7)
        #expect(task.serviceAnnotations == self.service.spec.annotations)
        #expect(task.endpoint.spec == self.service.spec.endpoint)
        #expect(task.status.state == .new)
        #expect(task.status.message == "created")
        #expect(Timestamp(task.status.timestamp) == Timestamp(seconds: 5))
        #expect(task.desiredState == .running)
        #expect(!task.hasLogDriver)
    }

    @Test func `logs as its service says, else as the cluster says`() {
        var generator = SeededGenerator(seed: 1)
        let cluster = SwarmCluster.with { $0.spec.taskDefaults.logDriver.name = "journald" }
        let factory = TaskFactory(cluster: cluster, now: Timestamp(seconds: 5))
        #expect(factory.make(for: self.service, slot: 1, using: &generator).logDriver.name == "journald")
        var service = self.service
        service.spec.task.logDriver.name = "json-file"
        #expect(factory.make(for: service, slot: 1, using: &generator).logDriver.name == "json-file")
    }

    @Test func `has an identifier of its own, and may come with its node`() {
        var generator = SeededGenerator(seed: 1)
        let factory = TaskFactory(cluster: nil, now: Timestamp(seconds: 5))
        let first = factory.make(for: self.service, slot: 0, nodeID: "n1", using: &generator)
        let second = factory.make(for: self.service, slot: 0, nodeID: "n2", using: &generator)
        #expect(first.id != second.id)
        #expect(first.nodeID == "n1")
    }
}
