import SwarmAPI

/// What a task asks for and no node has, in words for whoever waits for it.
///
/// Only what is asked for is told, and not what there is: that changes with every task, and the reason why a task waits
/// is written to the store when it changes.
extension Demand {
    /// How many constraints are named.
    private static let namedConstraints = 3

    /// What no node of `records` that takes tasks has for `filter` to let the task pass; empty where it is not one thing.
    func lack(for filter: Filter, on records: [NodeRecord]) -> String {
        let ready = records.filter(\.isReady)
        guard !ready.isEmpty else { return "" }
        switch filter {
        case .constraints: return self.unmetConstraints(on: ready)
        case .resources: return self.shortResources(on: ready)
        case .ready, .plugins, .platform, .hostPorts, .maxReplicas, .volumes, .affinity: return ""
        }
    }

    private func unmetConstraints(on ready: [NodeRecord]) -> String {
        let unmet = self.constraintTexts.filter { text in
            guard let constraint = try? Constraint(text) else { return true }
            return !ready.contains { constraint.matches($0.node) }
        }
        if !unmet.isEmpty { return "none meets \(Self.list(unmet, "or"))" }
        return self.constraintTexts.count > 1 ? "none meets \(Self.list(self.constraintTexts, "and"))" : ""
    }

    private static func list(_ texts: [String], _ word: String) -> String {
        let rest = texts.count - Self.namedConstraints
        guard rest > 0 else { return texts.joined(separator: " \(word) ") }
        return texts.prefix(Self.namedConstraints).joined(separator: " \(word) ") + " \(word) \(rest) more"
    }

    private func shortResources(on ready: [NodeRecord]) -> String {
        var wanted: [(words: String, fits: (ResourceTally, ResourceTally) -> Bool)] = []
        if self.nanoCPUs > 0 {
            let cpus = Amount.processors(self.nanoCPUs)
            wanted.append((cpus, { self.nanoCPUs <= $0.nanoCPUs - $1.nanoCPUs }))
        }
        if self.memoryBytes > 0 {
            let memory = "\(Amount.bytes(self.memoryBytes)) of memory"
            wanted.append((memory, { self.memoryBytes <= $0.memoryBytes - $1.memoryBytes }))
        }
        for resource in self.generic {
            guard case .discreteResourceSpec(let need)? = resource.resource else { continue }
            wanted.append(("\(need.value) \(need.kind)", { $0.claim([resource], used: $1) != nil }))
        }
        let unmet = wanted.filter { want in !ready.contains { want.fits($0.capacity, $0.used) } }
        guard !unmet.isEmpty else {
            return wanted.count > 1 ? "none has \(wanted.map(\.words).joined(separator: " and ")) left" : ""
        }
        let words = unmet.map(\.words).joined(separator: " or ")
        // Waiting helps where tasks hold it, and not where no node was ever that large.
        let isTaken = unmet.allSatisfy { want in ready.contains { want.fits($0.capacity, ResourceTally()) } }
        return "none has \(words)\(isTaken ? " left" : "")"
    }
}

/// Amounts of resources in words.
private enum Amount {
    /// Billionths of processors: "1 CPU", "0.5 CPUs".
    static func processors(_ nano: Int64) -> String {
        let text = Self.decimal(nano, 1_000_000_000)
        return text == "1" ? "1 CPU" : "\(text) CPUs"
    }

    /// Bytes in the largest unit of 1024 that fits: "900 GiB", "1.5 MiB".
    static func bytes(_ count: Int64) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB"]
        var (unit, name): (Int64, String) = (1, "bytes")
        for next in units where count / unit >= 1024 { (unit, name) = (unit * 1024, next) }
        return "\(Self.decimal(count, unit)) \(name)"
    }

    /// A share with at most three decimals, the rest rounded up: it is what has to fit.
    private static func decimal(_ value: Int64, _ unit: Int64) -> String {
        let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
        let thousandths = Int((Double(rest) * 1_000 / Double(unit)).rounded(.up))
        guard thousandths > 0 else { return "\(whole)" }
        guard thousandths < 1_000 else { return "\(whole + 1)" }
        let digits = "\(1_000 + thousandths)".dropFirst()
        return "\(whole).\(String(digits.reversed().drop { $0 == "0" }.reversed()))"
    }
}
