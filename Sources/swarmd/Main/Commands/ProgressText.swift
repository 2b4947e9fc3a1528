import Primitives

/// Puts a service's progress into lines: all of them for a terminal, only what changed for a file.
struct ProgressText: Sendable {
    /// The most places that are told one by one (docker `service/progress`).
    static let placeLimit = 20

    private var told: [String: String] = [:]

    /// All lines of a terminal's display.
    static func all(_ progress: ServiceProgress, now: Timestamp) -> [String] {
        var lines = [self.overall(progress)]
        let places = progress.places
        if places.count <= self.placeLimit {
            lines += places.map { "\($0.label): \($0.text)" }
        } else {
            lines += places.filter { !$0.isDone }.prefix(self.placeLimit).map { "\($0.label): \($0.text)" }
        }
        if let verify = self.verify(progress, now: now) { lines.append(verify) }
        return lines
    }

    /// The lines that changed since the last call.
    mutating func changes(_ progress: ServiceProgress, now: Timestamp) -> [String] {
        var lines: [String] = []
        for place in progress.places.prefix(Self.placeLimit) {
            self.tell("\(place.label): \(place.text)", as: "place \(place.label)", in: &lines)
        }
        self.tell(Self.overall(progress), as: "overall", in: &lines)
        if let failure = progress.lastFailure { self.tell("failed: \(failure)", as: "failure", in: &lines) }
        if progress.outage == nil, progress.stableSince != nil {
            self.tell(Self.waiting(progress.monitor), as: "verify", in: &lines)
        } else if let verify = Self.verify(progress, now: now) {
            self.tell(verify, as: "verify", in: &lines)
        }
        return lines
    }

    private mutating func tell(_ line: String, as key: String, in lines: inout [String]) {
        guard self.told[key] != line else { return }
        self.told[key] = line
        if !line.isEmpty { lines.append(line) }
    }

    private static func overall(_ progress: ServiceProgress) -> String {
        "overall progress: \(min(progress.done, progress.total)) out of \(progress.total) tasks"
    }

    private static func waiting(_ span: Duration) -> String {
        let seconds = (span.wholeNanoseconds + 999_999_999) / 1_000_000_000
        return seconds == 0 ? "" : "verify: Waiting \(seconds) seconds to verify that tasks are stable..."
    }

    private static func verify(_ progress: ServiceProgress, now: Timestamp) -> String? {
        if let outage = progress.outage { return "waiting: \(outage)" }
        guard let remaining = progress.remaining(now: now) else {
            return progress.lastFailure.map { "failed: \($0)" }
        }
        return self.waiting(remaining)
    }
}
