/// The cluster's objects as the control API shows them: made under a name, changed by version, removed, read.
///
/// Versions come from the system under test. Each write makes an object's version greater, also than those of
/// earlier objects of the name, and while the version is the same, so is the specification (SwarmKit
/// `manager/state/store/memory.go`).
package struct ControlModel: SequentialModel {
    package typealias State = ControlState
    package typealias Input = ControlCall
    package typealias Output = ControlReply

    package let initial = ControlState()
    private let othersWrite: Bool

    /// Makes the model of a store.
    ///
    /// With `othersWrite`, the cluster itself may touch an object at any time, which gives it a greater
    /// version but no other specification: allocators and orchestrators do so to services and networks.
    /// Configs and secrets are only touched by clients.
    package init(othersWrite: Bool = false) { self.othersWrite = othersWrite }

    package func key(of input: ControlCall) -> ControlCall.Key { input.key }

    package func step(_ state: ControlState, _ call: ControlCall, _ reply: ControlReply?) -> [ControlState] {
        let next =
            switch call.action {
            case .create(let value): self.create(value, on: state, reply)
            case .update(let id, let version, let value):
                self.update(state, id: id, from: version, to: value, reply)
            case .remove(let id): self.remove(id, from: state, reply)
            case .get(let id): self.get(id, from: state, reply)
            }
        return next.map { [$0] } ?? []
    }

    package func isObservation(_ input: ControlCall, _ output: ControlReply) -> Bool {
        switch output {
        case .created, .updated, .removed: false
        case .alreadyExists, .outOfSequence, .found, .notFound: true
        }
    }

    /// Versions only grow, and identifiers never return.
    package func isSpent(_ call: ControlCall, in state: ControlState) -> Bool {
        switch call.action {
        case .create: false
        case .update(let id, let version, _): state.isPast(version) || state.isRetired(id)
        case .remove(let id): state.isRetired(id)
        case .get: true
        }
    }
}

extension ControlModel {
    private func create(_ value: String, on state: ControlState, _ reply: ControlReply?) -> ControlState? {
        switch reply {
        case .created(let id, let version):
            guard state.object == nil, version > state.floor, !state.retired.contains(id) else { return nil }
            return state.with(.init(id: id, version: self.told(version), value: value))
        case .alreadyExists: return state.object == nil ? nil : state
        case nil:
            guard state.object == nil else { return nil }
            return state.with(.init(id: nil, version: .above(state.floor, not: []), value: value))
        case .updated, .outOfSequence, .removed, .found, .notFound: return nil
        }
    }

    private func update(
        _ state: ControlState,
        id: String?,
        from old: UInt64,
        to value: String,
        _ reply: ControlReply?
    ) -> ControlState? {
        if reply == .notFound { return self.miss(id, on: state) }
        guard var object = state.object(withID: id) else { return nil }
        switch reply {
        case .updated(let version):
            guard object.version.allows(old), version > old else { return nil }
            object.version = self.told(version)
            object.value = value
        case .outOfSequence:
            guard let version = object.version.excluding(old, othersWrite: self.othersWrite) else {
                return nil
            }
            object.version = version
        case nil:
            guard object.version.allows(old) else { return nil }
            object.version = .above(old, not: [])
            object.value = value
        case .created, .alreadyExists, .removed, .found, .notFound: return nil
        }
        return state.with(object)
    }

    private func remove(_ id: String?, from state: ControlState, _ reply: ControlReply?) -> ControlState? {
        switch reply {
        case .removed, nil: state.object(withID: id).map(state.without)
        case .notFound: self.miss(id, on: state)
        case .created, .alreadyExists, .updated, .outOfSequence, .found: nil
        }
    }

    private func get(_ id: String?, from state: ControlState, _ reply: ControlReply?) -> ControlState? {
        switch reply {
        case .found(let foundID, let version, let value):
            guard id == nil || id == foundID, var object = state.object(withID: foundID),
                object.version.allows(version), object.value == value
            else { return nil }
            object.version = self.told(version)
            return state.with(object)
        case .notFound: return self.miss(id, on: state)
        case .created, .alreadyExists, .updated, .outOfSequence, .removed, nil: return nil
        }
    }

    /// The state after an answer that there is no object, or none with `id`.
    private func miss(_ id: String?, on state: ControlState) -> ControlState? {
        if let object = state.object, id == nil || object.id == id { return nil }
        var state = state
        state.retire(id)
        return state
    }

    /// What is known of a version that the system just told.
    private func told(_ version: UInt64) -> VersionKnowledge {
        self.othersWrite ? .atLeast(version) : .exactly(version)
    }
}
