import SwarmAPI

/// A cluster volume that a task mounts: one by its name, or any of a group.
struct VolumeWish: Sendable, Hashable {
    /// The volume's name, or `group:` and the name of a group.
    let source: String
    let target: String
    let isReadOnly: Bool

    /// The cluster volumes that `task` mounts.
    static func wishes(of task: SwarmTask) -> [VolumeWish] {
        guard case .container(let container)? = task.spec.runtime, !container.mounts.isEmpty else {
            return []
        }
        return container.mounts.filter { $0.type == .cluster }
            .map { VolumeWish(source: $0.source, target: $0.target, isReadOnly: $0.readonly) }
    }

    /// Whether `volume` is one that is meant.
    func means(_ volume: SwarmVolume) -> Bool {
        let group = "group:"
        return self.source.hasPrefix(group)
            ? volume.spec.group == self.source.dropFirst(group.count)
            : volume.spec.annotations.name == self.source
    }
}
