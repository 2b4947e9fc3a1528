import Linearizability

/// A client of the cluster's control API, with what it remembers.
struct SimulatedClient: Sendable {
    let number: Int
    /// The machine that it asks first.
    var favourite = 0
    /// What it was told last about each name.
    var known: [String: Known] = [:]

    /// An object as the client knows it.
    struct Known: Sendable {
        var id: String
        var version: UInt64
    }

    init(number: Int) { self.number = number }

    /// What it does next.
    mutating func choose(names: Int, operation: Int, _ chance: inout Chance) -> ControlCall {
        let name = "n\(chance.number(in: 0...names - 1))"
        let known = self.known[name]
        let action: ControlCall.Action
        switch (chance.number(in: 0...9), known) {
        case (0...3, _): action = .get(id: chance.happens(0.2) ? known?.id : nil)
        case (4, let known?): action = .remove(id: known.id)
        case (5...9, let known?):
            action = .update(id: known.id, version: known.version, value: "v\(operation)")
        case (_, nil): action = .create(value: "v\(operation)")
        default: action = .get(id: nil)
        }
        return ControlCall(kind: ControlCall.kind, name: name, action)
    }

    /// Remembers an answer.
    mutating func learn(_ call: ControlCall, _ reply: ControlReply) {
        let name = call.key.name
        switch reply {
        case .created(let id, let version), .found(let id, let version, _):
            self.known[name] = Known(id: id, version: version)
        case .updated(let version): self.known[name]?.version = version
        case .removed, .notFound, .alreadyExists, .outOfSequence: self.known[name] = nil
        }
    }
}

/// A client's request, from the call to what is known of its end.
struct ClientOperation: Sendable {
    let client: Int
    let call: ControlCall
    let called: UInt64
    /// How often it was sent; answers to earlier attempts are too late.
    var attempt = 0
    var outcome: Outcome = .open

    enum Outcome: Sendable {
        /// The client waits.
        case open
        case known(ControlReply, at: UInt64)
        /// Nobody knows whether it took effect.
        case unknown
        /// It surely took no effect.
        case void
    }
}
