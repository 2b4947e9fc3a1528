import Primitives
import SwarmAPI

/// How often in a row the task at one place has ended soon after its start.
///
/// From the third such end on the place counts as crash-looping: each restart waits twice as long as the one
/// before, so that a task that cannot run does not keep its node and the group busy. SwarmKit waits the
/// same delay for ever.
struct CrashStreak: Sendable, Equatable {
    /// A task that has lived as long as this has started well.
    static let steadyAfter = Duration.seconds(10)
    /// The quick end in a row from which on a place is crash-looping.
    static let loopsFrom = 3
    /// The longest wait that the looping itself causes; a policy's own delay may be longer.
    static let longestDelay = Duration.seconds(300)
    /// What is doubled where the policy asks for less.
    static let shortestBase = Duration.seconds(1)

    let era: RestartEra
    private(set) var count = 0
    /// What the task at the place was told to wait before its start.
    private var delay = Duration.zero

    init(era: RestartEra) { self.era = era }

    var isLooping: Bool { self.count >= Self.loopsFrom }

    /// Takes note of the end of `task`.
    mutating func ended(_ task: SwarmTask) {
        let start = Timestamp(task.meta.createdAt) + self.delay
        self.count = task.statusMoment - start < Self.steadyAfter ? self.count + 1 : 0
    }

    /// Says how long the next task has to wait, and remembers it.
    mutating func nextDelay(_ rule: RestartRule) -> Duration {
        self.delay = rule.delay
        if self.isLooping {
            let doublings = min(self.count - Self.loopsFrom + 1, 16)
            let wait = max(rule.delay, Self.shortestBase) * (1 << doublings)
            self.delay = max(rule.delay, min(wait, Self.longestDelay))
        }
        return self.delay
    }

    /// What an operator reads at the task that ended last.
    var message: String {
        let seconds = self.delay.components.seconds
        return "crash-looping: ended \(self.count) times in a row, next start in \(seconds) s"
    }
}
