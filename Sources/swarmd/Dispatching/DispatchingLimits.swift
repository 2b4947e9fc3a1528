/// The bounds and the timing of the dispatcher, after SwarmKit's (`manager/dispatcher`).
package enum DispatchingLimits {
    /// The heartbeat period where the cluster's spec has none.
    package static let defaultPeriod: Duration = .seconds(5)
    /// No period is shorter: the grace of three periods has to outlast the loss of a packet, which is sent again
    /// after 200 ms at the earliest.
    package static let shortestPeriod: Duration = .milliseconds(200)
    /// A node that missed this many periods is down.
    package static let graceMultiplier = 3
    /// After a change of leader a node has this many periods to come back.
    package static let unknownGraceMultiplier = 6
    /// The jitter of a period is up to one part in so many, either way: 0.5 s of 5 s.
    package static let jitterDivisor: Int64 = 10
    /// How many registrations of one node are accepted within `registrationWindow`.
    package static let registrations = 3
    package static let registrationWindow: Duration = .seconds(8)
    /// A node that is down for so long gives up its tasks.
    package static let orphanDelay: Duration = .seconds(24 * 3600)
    /// The most changes in one incremental message.
    package static let changesPerMessage = 100
}
