import GroupSimulation
import SwarmAPI
import SwiftProtobuf

/// Makes nodes as different as real ones.
enum NodeMaker {
    /// A node with some processors, memory, and perhaps graphics cards, by count or by name.
    static func description(_ number: Int, _ chance: inout Chance) -> SwarmNodeDescription {
        let processors = Int64(chance.pick([1, 2, 4, 8]) ?? 4)
        let gibibytes = Int64(chance.pick([1, 4, 16]) ?? 4)
        let cards = chance.number(in: 0...3)
        return .with {
            $0.hostname = "host\(number + 1)"
            $0.platform.os = "linux"
            $0.platform.architecture = "x86_64"
            $0.resources.nanoCpus = processors * 1_000_000_000
            $0.resources.memoryBytes = gibibytes << 30
            $0.resources.generic = Self.cards(cards)
        }
    }

    private static func cards(_ kind: Int) -> [SwarmGenericResource] {
        switch kind {
        case 2: [.with { $0.discreteResourceSpec = .with { ($0.kind, $0.value) = ("gpu", 2) } }]
        case 3:
            ["a", "b", "c"].map { name in
                .with { $0.namedResourceSpec = .with { ($0.kind, $0.value) = ("gpu", name) } }
            }
        default: []
        }
    }

    /// Labels that constraints and preferences look at.
    static func labels(_ chance: inout Chance) -> [String: String] {
        var labels: [String: String] = [:]
        if chance.happens(0.8) { labels["zone"] = chance.pick(["east", "west"]) }
        if chance.happens(0.2) { labels["swarmd.drain.order"] = "start-first" }
        if chance.happens(0.2) { labels["swarmd.drain.interval"] = "2s" }
        return labels
    }
}
