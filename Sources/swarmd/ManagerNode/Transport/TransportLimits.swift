/// The bounds of a manager's API servers.
package enum TransportLimits {
    /// The largest request; SwarmKit's (`manager/manager.go`).
    package static let requestBytes = 4 << 20
    /// One connection of a follower carries three long streams for each of its workers, so the usual
    /// hundred streams would not do.
    package static let concurrentStreams = 100_000
    /// How much a peer may send on a stream before we have taken it.
    package static let windowBytes = 1 << 20
    /// Connections that wait to be accepted.
    package static let backlog: Int32 = 1024
    /// How long streams may take to end when a server is asked to stop.
    package static let stopDeadline: Duration = .seconds(5)
}
