import Primitives

/// The recent failures of services on one node.
struct FailureHistory: Sendable {
    /// The time that counts (SwarmKit `scheduler/nodeinfo.go`, `monitorFailures`).
    static let span = Duration.seconds(300)
    /// From how many failures on a node is avoided (SwarmKit `scheduler/scheduler.go`, `maxFailures`).
    static let limit = 5

    private var moments: [Group: [Timestamp]] = [:]

    mutating func record(_ group: Group, at now: Timestamp) {
        self.moments = self.moments.compactMapValues { moments in
            let recent = moments.filter { now < $0 + Self.span }
            return recent.isEmpty ? nil : recent
        }
        self.moments[group, default: []].append(now)
    }

    /// How often tasks of `group` failed lately; 0 while that is tolerable.
    func weight(of group: Group, now: Timestamp) -> Int {
        guard let moments = self.moments[group] else { return 0 }
        let recent = moments.count { now < $0 + Self.span }
        return recent >= Self.limit ? recent : 0
    }
}
