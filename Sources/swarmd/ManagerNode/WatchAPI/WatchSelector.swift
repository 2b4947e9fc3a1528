import StoreCore
import SwarmAPI

/// Why a watch request cannot be compiled.
enum WatchRequestError: Error, Equatable, CustomStringConvertible {
    case noKind
    case unrecognizedAction(Int)
    /// Two filters speak of the same fact.
    case conflictingFilters(String)
    /// The filter speaks of a fact that objects of the kind do not have.
    case unsupportedFilter(String, kind: String)

    var description: String {
        switch self {
        case .noKind: "no kind of object specified"
        case .unrecognizedAction(let action): "unrecognized action: \(action)"
        case .conflictingFilters(let field): "conflicting filters specified: \(field)"
        case .unsupportedFilter(let field, let kind): "filter \(field) does not apply to kind \(kind)"
        }
    }
}

/// One filter of a watch, with the fact that it speaks of.
struct WatchSelector: Sendable {
    /// The facts; a request may filter by each once.
    enum Fact: String, Sendable {
        case id, name, custom, service, node, slot, desiredState, role, membership, kind
    }

    let by: SwarmSelectBy.OneOf_By

    init(_ filter: SwarmSelectBy, kind: ObjectKind, kindName: String) throws(WatchRequestError) {
        guard let by = filter.by else { throw .unsupportedFilter("(empty)", kind: kindName) }
        self.by = by
        guard Self.isSupported(by, by: kind) else {
            throw .unsupportedFilter(Self.fieldName(by), kind: kindName)
        }
    }

    /// What the filter speaks of: a slot names a service too.
    var facts: [Fact] {
        switch self.by {
        case .id, .idPrefix: [.id]
        case .name, .namePrefix: [.name]
        case .custom, .customPrefix: [.custom]
        case .serviceID: [.service]
        case .nodeID: [.node]
        case .slot: [.service, .slot]
        case .desiredState: [.desiredState]
        case .role: [.role]
        case .membership: [.membership]
        case .kind: [.kind]
        case .referencedNetworkID, .referencedSecretID, .referencedConfigID: []
        }
    }

    /// Tells whether `value` is one that the filter asks for.
    func matches(_ value: StoreValue) -> Bool {
        switch self.by {
        case .id(let id): value.id == id
        case .idPrefix(let prefix): value.id.hasPrefix(prefix)
        case .name(let name): value.watchName == name
        case .namePrefix(let prefix): value.watchName.hasPrefix(prefix)
        case .custom(let custom):
            value.annotations.indices.contains { $0.key == custom.index && $0.val == custom.value }
        case .customPrefix(let custom):
            value.annotations.indices.contains {
                $0.key == custom.index && $0.val.hasPrefix(custom.value)
            }
        case .serviceID, .nodeID, .slot, .desiredState: self.matchesTask(value)
        case .role(let role): Self.node(in: value)?.role == role
        case .membership(let membership): Self.node(in: value)?.spec.membership == membership
        case .kind(let kind): value.resourceKind == kind
        case .referencedNetworkID, .referencedSecretID, .referencedConfigID: false
        }
    }

    private func matchesTask(_ value: StoreValue) -> Bool {
        guard case .task(let task) = value else { return false }
        return switch self.by {
        case .serviceID(let id): task.serviceID == id
        case .nodeID(let id): task.nodeID == id
        case .slot(let slot): task.serviceID == slot.serviceID && task.slot == slot.slot
        case .desiredState(let state): task.desiredState == state
        default: false
        }
    }

    private static func node(in value: StoreValue) -> SwarmNode? {
        if case .node(let node) = value { node } else { nil }
    }

    private static func isSupported(_ by: SwarmSelectBy.OneOf_By, by kind: ObjectKind) -> Bool {
        switch by {
        case .id, .idPrefix, .name, .namePrefix, .custom, .customPrefix: true
        case .serviceID, .nodeID, .slot, .desiredState: kind == .task
        case .role, .membership: kind == .node
        case .kind: kind == .resource
        case .referencedNetworkID, .referencedSecretID, .referencedConfigID: false
        }
    }

    private static func fieldName(_ by: SwarmSelectBy.OneOf_By) -> String {
        switch by {
        case .id: "id"
        case .idPrefix: "id_prefix"
        case .name: "name"
        case .namePrefix: "name_prefix"
        case .custom: "custom"
        case .customPrefix: "custom_prefix"
        case .serviceID: "service_id"
        case .nodeID: "node_id"
        case .slot: "slot"
        case .desiredState: "desired_state"
        case .role: "role"
        case .membership: "membership"
        case .referencedNetworkID: "referenced_network_id"
        case .referencedSecretID: "referenced_secret_id"
        case .referencedConfigID: "referenced_config_id"
        case .kind: "kind"
        }
    }
}
