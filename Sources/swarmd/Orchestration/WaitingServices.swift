import SwarmAPI

/// The services that are held back by others, and which others.
struct WaitingServices: Sendable {
    private var byName: [String: Set<String>] = [:]
    private var names: [String: [String]] = [:]

    /// Whether the service is held back.
    func contains(_ serviceID: String) -> Bool { self.names[serviceID] != nil }

    /// The services that wait for the one called `name`.
    func `for`(_ name: String) -> Set<String> {
        // Mostly nobody waits for anything, and then a change of a task must cost nothing.
        self.byName.isEmpty ? [] : self.byName[name.lowercased()] ?? []
    }

    /// Notes whether the service waits for those that its spec names.
    mutating func set(_ serviceID: String, isHeld: Bool, for spec: SwarmServiceSpec) {
        self.forget(serviceID)
        guard isHeld else { return }
        let names = ServiceDependencies(of: spec).items.map { $0.name.lowercased() }
        self.names[serviceID] = names
        for name in names { self.byName[name, default: []].insert(serviceID) }
    }

    mutating func forget(_ serviceID: String) {
        for name in self.names.removeValue(forKey: serviceID) ?? [] {
            self.byName[name]?.remove(serviceID)
            if self.byName[name]?.isEmpty == true { self.byName[name] = nil }
        }
    }
}
