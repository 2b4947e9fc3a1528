import SwarmRPC

/// The managers that this node may turn to.
///
/// Those that failed least are asked first, at random among equals (SwarmKit `remotes/remotes.go`, simpler).
struct Remotes: Sendable {
    /// Where failures stop counting: a manager that was away for long still gets its turn.
    static let failureLimit = 3

    private var failures: [ServerAddress: Int] = [:]

    init(_ addresses: [ServerAddress]) { self.replace(with: addresses) }

    /// The managers in the order of their texts.
    var addresses: [ServerAddress] { self.failures.keys.sorted { $0.description < $1.description } }

    /// Forgets all managers but `addresses`.
    ///
    /// An empty list is not believed: it would cut this node off.
    mutating func replace(with addresses: [ServerAddress]) {
        guard !addresses.isEmpty else { return }
        let old = self.failures
        self.failures = [:]
        for address in addresses { self.failures[address] = old[address] ?? 0 }
    }

    /// Takes in one more, if it is new.
    mutating func add(_ address: ServerAddress) {
        if self.failures[address] == nil { self.failures[address] = 0 }
    }

    /// Draws the manager for the next session; nil when none is known.
    func pick(using dice: inout some RandomNumberGenerator) -> ServerAddress? {
        let fewest = self.failures.values.min()
        return self.addresses.filter { self.failures[$0] == fewest }.randomElement(using: &dice)
    }

    /// Notes the end of a session with `address`, or of the attempt to open one.
    ///
    /// Where it was open all earlier failures are forgotten. Its end is one: the manager may be about to go.
    mutating func observe(_ address: ServerAddress, wasOpen: Bool) {
        guard let count = self.failures[address] else { return }
        self.failures[address] = wasOpen ? 1 : min(Self.failureLimit, count + 1)
        // When all are at the limit none is: start over.
        if self.failures.values.allSatisfy({ $0 == Self.failureLimit }) {
            for address in self.failures.keys { self.failures[address] = 0 }
        }
    }
}
