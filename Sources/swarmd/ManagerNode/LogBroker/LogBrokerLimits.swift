/// The bounds of the log broker.
package enum LogBrokerLimits {
    /// How much may wait for a subscriber that reads slowly; publishers wait beyond it.
    package static let bufferedBytes = 1 << 20
    /// How many subscriptions may be open.
    package static let subscriptions = 1_000
    /// How many orders may wait for one agent; an agent that lags further has its stream ended.
    package static let ordersPerAgent = 2_000
    /// How many commits the broker may lag behind before it looks at the whole state again.
    package static let watchedCommits = 10_000
    /// How long the broker pauses before it watches again; a closed store ends every watch at once.
    package static let pause: Duration = .milliseconds(20)
}
