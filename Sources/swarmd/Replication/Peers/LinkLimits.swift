/// What the links to the other members hold, and how long they wait.
package struct LinkLimits: Sendable {
    /// Messages that may wait for one member (SwarmKit `transport/peer.go`).
    package var queuedMessages = 4_096
    /// Bytes of messages that may wait for one member.
    package var queuedBytes = 64 << 20
    /// Bytes that are written at a time; more only for a single message.
    package var batchBytes = 2 << 20
    /// The largest request that SwarmKit's managers take; parts of snapshots are as large.
    package var partBytes = 4_194_304
    /// How long a connection may take to be of use.
    ///
    /// Short, because a SYN that is lost in a cut network is only sent again after seconds.
    package var connecting = Duration.seconds(1)
    /// How long what was sent may stay without a receipt.
    package var receipt = Duration.milliseconds(1_500)
    /// How long a message to one of SwarmKit's managers, or a part of a snapshot, may take.
    package var call = Duration.seconds(2)
    /// The pause after the first attempt that failed; each further one doubles it.
    package var firstPause = Duration.milliseconds(50)
    /// The longest pause between two attempts; with `connecting`, a healed network is found within 1.2 s.
    package var longestPause = Duration.milliseconds(200)
    /// How often a member is reported as unreachable at most.
    package var reportInterval = Duration.milliseconds(100)

    package init() {}
}
