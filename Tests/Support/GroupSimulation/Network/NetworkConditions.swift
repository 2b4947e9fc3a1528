/// How a simulated network treats messages while nothing is cut.
package struct NetworkConditions: Sendable, Equatable {
    /// The share of messages that is lost.
    package var loss = 0.0
    /// The share of messages that arrives twice.
    package var duplication = 0.0
    /// What every message takes.
    package var leastDelay = Span(microseconds: 100)
    /// What it takes on top, on average; the spread puts messages out of order.
    package var meanDelay = Span(microseconds: 200)

    /// A good network.
    package init() {}
}
