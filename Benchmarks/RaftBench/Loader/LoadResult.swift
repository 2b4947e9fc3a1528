import BenchSupport

/// What a load's clients saw.
struct LoadResult: Sendable {
    /// How long was measured.
    let duration: Duration
    /// How long each write took that ended while it was measured, in milliseconds.
    var times: [Double] = []
    /// Every acknowledged write, those of the warm-up among them.
    var writes = 0
    var failures = 0
    /// The first failure.
    var failure: String?

    init(duration: Duration) { self.duration = duration }

    var writesPerSecond: Double { Double(self.times.count) / (self.duration / .seconds(1)) }

    var samples: Samples { Samples(self.times) }

    static func += (left: inout Self, right: Self) {
        left.times += right.times
        left.writes += right.writes
        left.failures += right.failures
        left.failure = left.failure ?? right.failure
    }
}
