import StoreCore
import SwarmAPI
import SwiftProtobuf

/// The cluster's volumes, and who uses them: it says which a task gets on a node.
///
/// Every volume that a task mounts must be within reach; SwarmKit's filter is content with one
/// (`manager/scheduler/filter.go`, `VolumesFilter.Check`; its rules for one volume are in `volumes.go`).
struct VolumeSet: Sendable {
    /// A task's use of a volume.
    private struct Use: Sendable {
        let taskID: String
        let nodeID: String
        let isReadOnly: Bool
    }

    private var volumes: [String: SwarmVolume] = [:]
    private var uses: [String: [Use]] = [:]

    /// Takes in a volume, or what has become of it.
    mutating func put(_ volume: SwarmVolume) { self.volumes[volume.id] = volume }

    mutating func remove(volume id: String) { self.volumes[id] = nil }

    subscript(id: String) -> SwarmVolume? { self.volumes[id] }

    /// Counts what `task` uses on its node, or counts it no longer.
    mutating func count(_ task: SwarmTask, adding: Bool) {
        guard !task.volumes.isEmpty else { return }
        let wishes = VolumeWish.wishes(of: task)
        for attachment in task.volumes {
            self.uses[attachment.id]?.removeAll { $0.taskID == task.id }
            guard adding else { continue }
            let wish = wishes.first { $0.source == attachment.source && $0.target == attachment.target }
            let isReadOnly = wish?.isReadOnly ?? false
            self.uses[attachment.id, default: []]
                .append(Use(taskID: task.id, nodeID: task.nodeID, isReadOnly: isReadOnly))
        }
    }

    /// The volumes that a task with `wishes` gets on `node`; nil if one of them cannot be had there.
    func choose(_ wishes: [VolumeWish], on node: SwarmNode) -> [SwarmVolumeAttachment]? {
        var chosen: [SwarmVolumeAttachment] = []
        var tentative = self
        for wish in wishes {
            let fitting = self.volumes.values.filter {
                wish.means($0) && tentative.admits(wish, to: $0, on: node)
            }
            guard let volume = fitting.min(by: { $0.id < $1.id }) else { return nil }
            chosen.append(.with { ($0.id, $0.source, $0.target) = (volume.id, wish.source, wish.target) })
            let use = Use(taskID: "", nodeID: node.id, isReadOnly: wish.isReadOnly)
            tentative.uses[volume.id, default: []].append(use)
        }
        return chosen
    }

    private func admits(_ wish: VolumeWish, to volume: SwarmVolume, on node: SwarmNode) -> Bool {
        guard volume.spec.availability == .active, !volume.pendingDelete, !volume.volumeInfo.volumeID.isEmpty
        else { return false }
        let report = node.description_p.csiInfo.first { $0.pluginName == volume.spec.driver.name }
        guard Self.isWithin(report?.accessibleTopology, volume.volumeInfo.accessibleTopology) else {
            return false
        }
        let uses = self.uses[volume.id] ?? []
        if volume.spec.accessMode.scope == .singleNode, uses.contains(where: { $0.nodeID != node.id }) {
            return false
        }
        return switch volume.spec.accessMode.sharing {
        case .none: uses.isEmpty
        case .readOnly: wish.isReadOnly
        case .oneWriter: wish.isReadOnly || uses.allSatisfy(\.isReadOnly)
        case .all, .UNRECOGNIZED: true
        }
    }

    /// Whether a node in `place` reaches a volume that is reached from any of `reach`; from everywhere if empty.
    private static func isWithin(_ place: SwarmTopology?, _ reach: [SwarmTopology]) -> Bool {
        guard !reach.isEmpty else { return true }
        guard let place else { return false }
        return reach.contains { $0.segments.allSatisfy { place.segments[$0.key] == $0.value } }
    }
}
