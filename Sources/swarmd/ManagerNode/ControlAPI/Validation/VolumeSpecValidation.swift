import GRPCCore
import SwarmAPI
import SwiftProtobuf

/// Whether a cluster volume can be taken (SwarmKit `controlapi/volume.go`).
enum VolumeSpecValidation {
    static func check(_ spec: SwarmVolumeSpec) throws(RPCError) {
        guard spec.hasDriver else { throw .invalid("driver must be specified") }
        guard !spec.annotations.name.isEmpty else { throw .invalid("meta: name must be provided") }
        guard spec.hasAccessMode else { throw .invalid("AccessMode must not be nil") }
        guard spec.accessMode.accessType != nil else {
            throw .invalid("Volume AccessMode must specify either Mount or Block access type")
        }
    }

    /// Refuses changes of what the volume was made from.
    static func check(_ spec: SwarmVolumeSpec, instead old: SwarmVolumeSpec) throws(RPCError) {
        let fields: [(name: String, isSame: Bool)] = [
            ("Name", spec.annotations.name == old.annotations.name),
            ("Group", spec.group == old.group),
            (
                "AccessibilityRequirements",
                spec.hasAccessibilityRequirements == old.hasAccessibilityRequirements
                    && spec.accessibilityRequirements == old.accessibilityRequirements
            ),
            ("Driver", spec.hasDriver == old.hasDriver && spec.driver == old.driver),
            ("AccessMode", spec.hasAccessMode == old.hasAccessMode && spec.accessMode == old.accessMode),
            ("Secrets", spec.secrets == old.secrets),
            (
                "CapacityRange",
                spec.hasCapacityRange == old.hasCapacityRange && spec.capacityRange == old.capacityRange
            ),
        ]
        if let changed = fields.first(where: { !$0.isSame }) {
            throw .invalid("\(changed.name) cannot be updated")
        }
    }
}
