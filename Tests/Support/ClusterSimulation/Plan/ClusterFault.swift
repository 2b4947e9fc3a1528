/// What goes wrong in a simulated cluster.
package enum ClusterFault: String, Sendable, CaseIterable {
    /// The leader is lost, and with it all that was not committed; another one follows.
    case leaderLoss
    /// A component of the leader lags behind and begins again from the whole state.
    case componentLag
    /// A node's daemon ends and is started again; its containers go on.
    case daemonRestart
    /// A node's machine ends with all its containers, and is started again.
    case machineCrash
    /// Nothing gets through between a node and the managers.
    case cut
    /// A node's heartbeats come late.
    case lateHeartbeats
    /// A container ends by itself.
    case containerEnd
    /// A stream of assignments ends.
    case streamEnd
}
