package import Primitives
package import StoreCore
import SwarmAPI

/// Rejects tasks that use a volume that is being drained, so that they run elsewhere with another
/// (SwarmKit `orchestrator/volumeenforcer`).
package struct VolumeEnforcer: Reconciler {
    private var drained: Set<String> = []

    package init() {}

    package var deadline: Timestamp? { nil }

    package mutating func start(on state: StoreState, now: Timestamp) {
        self = Self()
        for volume in state.volumes.unordered { self.note(volume) }
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) {
        for change in commit.changes {
            switch change {
            case .create(.volume(let volume)), .update(.volume(let volume), _): self.note(volume)
            default: break
            }
        }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        guard !self.drained.isEmpty else { return [] }
        defer { self.drained = [] }
        let users = state.tasks.unordered.filter { task in
            task.isWanted && task.mayRun && task.volumes.contains { self.drained.contains($0.id) }
        }
        return users.sorted(by: SwarmTask.isOlder).map {
            let reason = "attached to volume which is being drained"
            return .update($0.rejected(by: "volume enforcer", reason, now: now).value)
        }
    }

    private mutating func note(_ volume: SwarmVolume) {
        if volume.spec.availability == .drain { self.drained.insert(volume.id) }
    }
}
