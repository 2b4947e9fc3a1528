import Dispatch

/// When a member's threads do what need not be done at once.
package protocol Turns: Sendable {
    /// Runs `work` when the caller's thread has nothing else to do.
    func afterwards(_ work: @escaping @Sendable () -> Void)

    /// Runs `work` after `pause`.
    func after(_ pause: Duration, _ work: @escaping @Sendable () -> Void)
}

/// Does at once what is for afterwards, and the rest on a queue of its own.
package struct QueueTurns: Turns {
    private let queue = DispatchQueue(label: "swarmd.log.turns", qos: .userInitiated)

    package init() {}

    package func afterwards(_ work: @escaping @Sendable () -> Void) { work() }

    package func after(_ pause: Duration, _ work: @escaping @Sendable () -> Void) {
        self.queue.asyncAfter(deadline: .now() + pause / .seconds(1), execute: work)
    }
}
