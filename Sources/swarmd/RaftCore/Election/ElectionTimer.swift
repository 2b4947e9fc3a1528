import Primitives

/// Counts the ticks since a leader was heard of.
///
/// Each member waits between one and two election timeouts, by chance, so that seldom two stand at once
/// (paper 5.2).
struct ElectionTimer: Sendable {
    /// The ticks that every member waits at least.
    private(set) var electionTick: Int
    /// The ticks since a leader was heard of, or since a leader last checked its quorum.
    var elapsed = 0
    /// The ticks that this member waits.
    var timeout: Int
    private var generator: SeededGenerator

    /// A timer that has just started.
    init(electionTick: Int, generator: SeededGenerator) {
        self.electionTick = electionTick
        self.timeout = electionTick
        self.generator = generator
        self.restart()
    }

    /// Whether it is time to stand for election.
    var isExpired: Bool { self.elapsed >= self.timeout }

    /// Whether a leader was heard of so lately that no candidate is wanted.
    var isPatient: Bool { self.elapsed < self.electionTick }

    /// Starts anew with another timeout.
    mutating func restart() {
        self.elapsed = 0
        self.draw()
    }

    /// Waits longer or less long from now on.
    mutating func stretch(to electionTick: Int) {
        self.electionTick = electionTick
        self.draw()
    }

    private mutating func draw() {
        self.timeout = Int.random(in: self.electionTick..<2 * self.electionTick, using: &self.generator)
    }
}
