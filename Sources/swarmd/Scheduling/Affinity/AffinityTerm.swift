import SwarmAPI

/// What one service asks of another's places: to be near it, or not to be.
///
/// SwarmKit has nothing like it. It is written in labels of the service, which every client passes on:
///
///     swarmd.affinity=cache                          only on nodes where a task of `cache` is
///     swarmd.anti-affinity=db@node.labels.rack       in no rack where a task of `db` is
///     swarmd.affinity.prefer, swarmd.anti-affinity.prefer     the same, if it can be had
///
/// Several services are separated by commas. What one service refuses is refused to both of them: neither is
/// placed where the other is.
struct AffinityTerm: Sendable, Hashable {
    /// How large a place is.
    enum Level: Sendable, Hashable {
        case node
        case nodeLabel(String)
        case engineLabel(String)

        /// The place that `node` is in; nil for a node without the label, which is in none.
        func domain(of node: SwarmNode) -> String? {
            switch self {
            case .node: node.id
            case .nodeLabel(let label): node.spec.annotations.labels[label]
            case .engineLabel(let label): node.description_p.engine.labels[label]
            }
        }
    }

    /// The name of the other service; it may be the service's own.
    let service: String
    let level: Level
    /// Whether it is to be far away.
    let isAnti: Bool
    let isHard: Bool

    /// Reads the terms of a service's labels; what cannot be read is no term.
    static func terms(in labels: [String: String]) -> [AffinityTerm] {
        var terms: [AffinityTerm] = []
        for (label, isAnti, isHard) in [
            ("swarmd.affinity", false, true), ("swarmd.anti-affinity", true, true),
            ("swarmd.affinity.prefer", false, false), ("swarmd.anti-affinity.prefer", true, false),
        ] {
            guard let text = labels[label] else { continue }
            for part in text.split(separator: ",") {
                let words = part.split(separator: "@", omittingEmptySubsequences: false)
                    .map { String($0.drop(while: { $0 == " " }).prefix(while: { $0 != " " })) }
                guard let name = words.first, !name.isEmpty, let level = Self.level(words.dropFirst()) else {
                    continue
                }
                let term = AffinityTerm(service: name, level: level, isAnti: isAnti, isHard: isHard)
                terms.append(term)
            }
        }
        return terms
    }

    private static func level(_ words: ArraySlice<String>) -> Level? {
        guard let word = words.first else { return .node }
        guard words.count == 1 else { return nil }
        if word == "node" { return .node }
        for (prefix, make) in [("node.labels.", Level.nodeLabel), ("engine.labels.", Level.engineLabel)]
        where word.hasPrefix(prefix) && word.count > prefix.count {
            return make(String(word.dropFirst(prefix.count)))
        }
        return nil
    }
}
