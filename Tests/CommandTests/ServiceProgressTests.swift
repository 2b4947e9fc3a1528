import ControlClient
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

struct ServiceProgressTests {
    private let start = Timestamp(seconds: 1_000)

    private func service(replicas: UInt64, version: UInt64 = 5) -> SwarmService {
        .with {
            $0.id = "s1"
            $0.meta.version.index = version
            $0.spec.annotations.name = "web"
            $0.spec.replicated.replicas = replicas
            $0.spec.task.container.image = "host"
        }
    }

    private func task(_ id: String, slot: UInt64, _ state: SwarmTaskState, error: String = "") -> SwarmTask {
        .with {
            $0.id = id
            $0.serviceID = "s1"
            $0.slot = slot
            $0.nodeID = "n1"
            $0.spec.container.image = "host"
            $0.desiredState = .running
            $0.status.state = state
            $0.status.err = error
        }
    }

    private func listed(_ service: SwarmService, _ tasks: [SwarmTask]) -> FeedEvent {
        .listed(ClusterListing(cluster: nil, nodes: [], services: [service], tasks: tasks))
    }

    private func changed(_ task: SwarmTask) -> FeedEvent {
        .changed([
            .with {
                $0.action = .watchActionUpdate
                $0.object.task = task
            }
        ])
    }

    @Test func `a service has converged when all tasks ran for the monitor's time`() {
        var progress = ServiceProgress(self.service(replicas: 2))
        progress.apply(
            self.listed(self.service(replicas: 2), [self.task("a", slot: 1, .running)]),
            now: self.start
        )
        #expect(progress.done == 1)
        #expect(progress.verdict(now: self.start + .seconds(60)) == nil)
        progress.apply(self.changed(self.task("b", slot: 2, .running)), now: self.start)
        #expect(progress.verdict(now: self.start + .seconds(4)) == nil)
        #expect(progress.verdict(now: self.start + .seconds(5)) == .converged)
    }

    @Test func `a task that falls over begins the wait anew`() {
        var progress = ServiceProgress(self.service(replicas: 1))
        progress.apply(
            self.listed(self.service(replicas: 1), [self.task("a", slot: 1, .running)]),
            now: self.start
        )
        progress.apply(
            self.changed(self.task("a", slot: 1, .failed, error: "exit 3")),
            now: self.start + .seconds(1)
        )
        #expect(progress.verdict(now: self.start + .seconds(6)) == nil)
        #expect(progress.places == [.init(label: "1/1", text: "exit 3", isDone: false)])
        progress.apply(self.changed(self.task("a", slot: 1, .running)), now: self.start + .seconds(7))
        #expect(progress.verdict(now: self.start + .seconds(11)) == nil)
        #expect(progress.verdict(now: self.start + .seconds(12)) == .converged)
    }

    @Test func `tasks of the spec before do not count`() {
        var service = self.service(replicas: 1)
        service.spec.task.container.image = "newer"
        var progress = ServiceProgress(service)
        progress.apply(self.listed(service, [self.task("a", slot: 1, .running)]), now: self.start)
        #expect(progress.done == 0)
        #expect(progress.places.map(\.text) == ["running, to be updated"])
    }

    @Test func `a paused update and a removed service end the wait`() {
        var service = self.service(replicas: 1, version: 6)
        service.updateStatus.state = .paused
        service.updateStatus.message = "too many failures"
        var progress = ServiceProgress(self.service(replicas: 1))
        progress.apply(self.listed(service, []), now: self.start)
        #expect(progress.verdict(now: self.start) == .failed("service update paused: too many failures"))

        var gone = ServiceProgress(self.service(replicas: 1))
        gone.apply(.listed(ClusterListing(cluster: nil, nodes: [], services: [], tasks: [])), now: self.start)
        #expect(gone.verdict(now: self.start) == .failed("the service was removed"))
    }

    @Test func `a lost connection is no convergence`() {
        var progress = ServiceProgress(self.service(replicas: 1))
        progress.apply(
            self.listed(self.service(replicas: 1), [self.task("a", slot: 1, .running)]),
            now: self.start
        )
        progress.apply(.lost(reason: "gone"), now: self.start + .seconds(1))
        #expect(progress.verdict(now: self.start + .seconds(60)) == nil)
    }

    @Test func `a job is done when its tasks are complete`() {
        var job = self.service(replicas: 0)
        job.spec.replicatedJob.totalCompletions = 1
        var progress = ServiceProgress(job)
        progress.apply(self.listed(job, [self.task("a", slot: 1, .running)]), now: self.start)
        #expect(progress.verdict(now: self.start) == nil)
        progress.apply(self.changed(self.task("a", slot: 1, .complete)), now: self.start)
        #expect(progress.verdict(now: self.start) == .converged)
    }

    @Test func `without a terminal each change is one line`() {
        var text = ProgressText()
        var progress = ServiceProgress(self.service(replicas: 1))
        progress.apply(self.listed(self.service(replicas: 1), []), now: self.start)
        #expect(text.changes(progress, now: self.start) == ["overall progress: 0 out of 1 tasks"])
        progress.apply(
            self.changed(self.task("a", slot: 1, .pending, error: "no suitable node")),
            now: self.start
        )
        #expect(text.changes(progress, now: self.start) == ["1/1: no suitable node"])
        #expect(text.changes(progress, now: self.start + .seconds(1)) == [])
        progress.apply(self.changed(self.task("a", slot: 1, .running)), now: self.start)
        #expect(
            text.changes(progress, now: self.start) == [
                "1/1: running", "overall progress: 1 out of 1 tasks",
                "verify: Waiting 5 seconds to verify that tasks are stable...",
            ]
        )
        #expect(text.changes(progress, now: self.start + .seconds(2)) == [])
    }
}
