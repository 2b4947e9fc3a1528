/// How much strangers may make a listener hold.
package struct ConnectionLimits: Sendable {
    /// How long a caller may take to show who it is: a slow link needs two seconds for it.
    package var handshake = Duration.seconds(10)
    /// Callers that have not done so yet; each costs some 50 KiB.
    package var unfinished = 1_000
    /// Those of one address, which is one machine's, or one office's behind a translator of addresses.
    package var unfinishedPerAddress = 50
    /// Connections in all, of which a node has one or two; the service must be allowed as many open files.
    package var connections = 10_000
    /// Those of one address.
    package var connectionsPerAddress = 1_000
    /// Those of this machine itself, and of them those that have not shown who they are: whoever runs here could
    /// have its memory and descriptors anyway, and trials run hundreds of nodes on one machine, which all come back
    /// at the same moment.
    package var connectionsOfLoopback = 5_000
    package var unfinishedOfLoopback = 500

    package init() {}
}
