import SwarmAPI

/// What all services ask of each other's places.
struct AffinityRules: Sendable {
    private var terms: [String: [AffinityTerm]] = [:]
    private var ids: [String: String] = [:]
    private var names: [String: String] = [:]

    /// Whether no service asks for anything.
    var isEmpty: Bool { self.terms.isEmpty }

    /// Takes in a service, or what has become of it; returns whether that changed what is asked for.
    mutating func put(_ service: SwarmService) -> Bool {
        let name = service.spec.annotations.name
        if let old = self.names[service.id], old != name { self.ids[old] = nil }
        self.names[service.id] = name
        self.ids[name] = service.id
        let terms = AffinityTerm.terms(in: service.spec.annotations.labels)
        let old = self.terms[service.id] ?? []
        self.terms[service.id] = terms.isEmpty ? nil : terms
        return old != terms
    }

    mutating func remove(service id: String) {
        if let name = self.names.removeValue(forKey: id) { self.ids[name] = nil }
        self.terms[id] = nil
    }

    /// The wishes that bear on tasks of `serviceID`: its own, and what others' mean for it.
    ///
    /// A hard wish to be far is mutual. One to be near is mutual only as a preference: the other service need
    /// not wait for this one.
    func wishes(of serviceID: String) -> [AffinityWish] {
        guard !self.isEmpty, let name = self.names[serviceID] else { return [] }
        var wishes = (self.terms[serviceID] ?? []).map {
            AffinityWish(other: self.ids[$0.service], isOwn: $0.service == name, term: $0)
        }
        for (other, terms) in self.terms.sorted(by: { $0.key < $1.key }) where other != serviceID {
            for term in terms where term.service == name {
                let isHard = term.isHard && term.isAnti
                let mirrored = AffinityTerm(
                    service: self.names[other] ?? "",
                    level: term.level,
                    isAnti: term.isAnti,
                    isHard: isHard
                )
                // Nobody runs yet who would want this one near: no place is worse than another.
                wishes.append(AffinityWish(other: other, isOwn: false, term: mirrored))
            }
        }
        return wishes
    }
}

/// A term with the service that it means.
struct AffinityWish: Sendable {
    /// The service's identifier; nil while there is no such service.
    let other: String?
    /// Whether the service means itself.
    let isOwn: Bool
    let term: AffinityTerm
}
