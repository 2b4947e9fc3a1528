/// The bounds of a server of calls.
package struct ServingLimits: Sendable {
    /// The largest request; SwarmKit's (`manager/manager.go`).
    package var requestBytes = 4 << 20
    /// One connection of a follower carries three long streams for each of its workers, so the usual hundred
    /// streams would not do.
    package var concurrentStreams = 100_000
    /// Calls of all connections together; one that comes on top is refused, and may be made again.
    package var openCalls = 1_000_000
    /// How much a peer may send, on a stream and on a connection, before we have taken it.
    package var windowBytes = 1 << 20
    /// How many streams a peer may reset in half a minute: cancelled calls are no attack.
    package var resets = 10_000
    /// How often a silent peer is asked for a sign of life; the second time in vain cuts it off.
    package var keepalive = Duration.seconds(120)

    package init() {}
}
