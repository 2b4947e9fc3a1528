import SwarmAPI

/// Why something cannot be given out now, in words for an operator: "subnet 10.0.1.0/24 is in use".
struct Shortage: Error, Equatable, CustomStringConvertible {
    let description: String
    /// The network that is waited for, where that is all: its own shortage says why, or it is on its way.
    let network: String?

    init(_ description: String) {
        self.description = description
        self.network = nil
    }

    /// Something that needs `network`, which has nothing to give yet.
    init(waitingFor network: SwarmNetwork) {
        self.description = "network \(network.spec.annotations.name) is not allocated yet"
        self.network = network.id
    }
}
