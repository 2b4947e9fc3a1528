import Primitives
import Scheduling
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct `Cluster volumes` {
    private let now = Timestamp(seconds: 2)

    private func volume(_ name: String, zone: String, sharing: SwarmVolumeAccessMode.Sharing) -> SwarmVolume {
        .with {
            $0.id = "volume-\(name)"
            $0.spec.annotations.name = name
            $0.spec.group = "disks"
            $0.spec.driver.name = "csi"
            $0.spec.accessMode.scope = .multiNode
            $0.spec.accessMode.sharing = sharing
            $0.volumeInfo.volumeID = name
            $0.volumeInfo.accessibleTopology = [.with { $0.segments = ["zone": zone] }]
        }
    }

    private func node(_ id: String, zone: String) -> SwarmNode {
        .with {
            $0.id = id
            $0.status.state = .ready
            $0.description_p.csiInfo = [
                .with {
                    $0.pluginName = "csi"
                    $0.accessibleTopology.segments = ["zone": zone]
                }
            ]
        }
    }

    private func task(_ id: String, mounts sources: [String], isReadOnly: Bool = false) -> SwarmTask {
        .with {
            $0.id = id
            $0.desiredState = .running
            $0.status.state = .pending
            $0.spec.container.mounts = sources.map { source in
                .with {
                    $0.type = .cluster
                    $0.source = source
                    $0.target = "/" + source
                    $0.readonly = isReadOnly
                }
            }
        }
    }

    private func plan(_ volumes: [SwarmVolume], _ nodes: [SwarmNode], _ tasks: [SwarmTask]) -> [StoreEdit] {
        var state = StoreState()
        for volume in volumes { state.volumes.replace(volume) }
        for node in nodes { state.nodes.replace(node) }
        for task in tasks { state.tasks.replace(task) }
        var scheduler = Scheduler()
        scheduler.start(on: state, now: self.now)
        var generator = SeededGenerator(seed: 1)
        return scheduler.plan(on: state, now: self.now, using: &generator)
    }

    @Test("SC-13: a task gets the volume it names on a node within reach, and its publication begins")
    func chosen() throws {
        let edits = self.plan(
            [self.volume("v", zone: "b", sharing: .all)],
            [self.node("n1", zone: "a"), self.node("n2", zone: "b")],
            [self.task("t", mounts: ["v"])]
        )
        guard case .assign(let task) = try #require(edits.first) else {
            Issue.record("no assignment")
            return
        }
        #expect(task.nodeID == "n2")
        #expect(task.volumes.map(\.id) == ["volume-v"])
        guard case .update(.volume(let volume)) = try #require(edits.last) else {
            Issue.record("no publication")
            return
        }
        #expect(volume.publishStatus.map(\.nodeID) == ["n2"])
        #expect(volume.publishStatus.map(\.state) == [.pendingPublish])
    }

    @Test("BUG-05: a task that mounts two volumes goes nowhere where only one of them can be had")
    func all() throws {
        let edits = self.plan(
            [self.volume("v", zone: "a", sharing: .all), self.volume("w", zone: "b", sharing: .all)],
            [self.node("n1", zone: "a"), self.node("n2", zone: "b")],
            [self.task("t", mounts: ["v", "w"])]
        )
        guard case .update(.task(let task)) = try #require(edits.first) else {
            Issue.record("no explanation")
            return
        }
        #expect(
            task.status.err == "no suitable node (cannot fulfill requested CSI volume mounts on 2 nodes)"
        )
    }

    @Test("BUG-06: a volume that was paused is given to no further task")
    func paused() {
        let nodes = [self.node("n1", zone: "a")]
        let volume = self.volume("v", zone: "a", sharing: .all)
        var state = StoreState()
        state.volumes.replace(volume)
        for node in nodes { state.nodes.replace(node) }
        var scheduler = Scheduler()
        scheduler.start(on: state, now: self.now)
        var paused = volume
        paused.spec.availability = .pause
        let task = self.task("t", mounts: ["v"])
        state.volumes.replace(paused)
        state.tasks.replace(task)
        let changes: [StoreChange] = [.update(paused.value, old: volume.value), .create(task.value)]
        scheduler.observe(Commit(index: 2, changes: changes, state: state), now: self.now)
        var generator = SeededGenerator(seed: 1)
        let edits = scheduler.plan(on: state, now: self.now, using: &generator)
        #expect(edits.count == 1)
        guard case .update(.task(let refused))? = edits.first else {
            Issue.record("no explanation")
            return
        }
        #expect(refused.status.err.contains("cannot fulfill requested CSI volume mounts on 1 node"))
    }

    @Test(
        "SC-13: sharing is kept: one user, one writer, readers only",
        arguments: [
            (SwarmVolumeAccessMode.Sharing.none, [false, false], 1), (.oneWriter, [false, false], 1),
            (.oneWriter, [false, true], 2), (.readOnly, [true, true], 2), (.readOnly, [false], 0),
            (.all, [false, false], 2),
        ]
    )
    func sharing(_ sharing: SwarmVolumeAccessMode.Sharing, readers: [Bool], placed: Int) {
        let tasks = readers.enumerated().map { number, isReadOnly in
            self.task("t\(number)", mounts: ["group:disks"], isReadOnly: isReadOnly)
        }
        let volume = self.volume("v", zone: "a", sharing: sharing)
        let edits = self.plan([volume], [self.node("n", zone: "a")], tasks)
        let assigned = edits.count { if case .assign = $0 { true } else { false } }
        #expect(assigned == placed)
    }
}
