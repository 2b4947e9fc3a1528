/// A change of one object with nothing to choose.
struct PlainQuestion: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case roll, rollBack, removeService, removeNode, transferLeader

        /// The object is a node, not a service.
        var isOfNode: Bool { self == .removeNode || self == .transferLeader }

        /// Nothing brings a removed object back.
        var isFinal: Bool { self == .removeService || self == .removeNode }
    }

    let kind: Kind
    /// Must be typed before what cannot be undone.
    var confirmation: TypedName?

    init(_ kind: Kind, _ name: String, id: String) {
        self.kind = kind
        if kind.isFinal { self.confirmation = TypedName(name, id: id) }
    }

    var isReady: Bool { self.confirmation?.isComplete != false }

    mutating func take(_ key: Key) { self.confirmation?.take(key) }

    /// What accepting asks for.
    func effect(_ request: Int, _ seen: SeenObject) -> Effect {
        switch self.kind {
        case .roll: .roll(request: request, service: seen)
        case .rollBack: .rollBack(request: request, service: seen)
        case .removeService: .removeService(request: request, service: seen)
        case .removeNode: .removeNode(request: request, node: seen)
        case .transferLeader: .transferLeader(request: request, nodeID: seen.id)
        }
    }
}
