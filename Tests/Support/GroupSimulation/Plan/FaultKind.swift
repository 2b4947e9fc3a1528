/// What goes wrong in a simulated cluster.
package enum FaultKind: String, Sendable, CaseIterable {
    /// A process is killed; what it gave to the system stays.
    case kill
    /// A machine loses power, and what was not synced with it.
    case powerLoss
    /// All machines lose power at once.
    case blackout
    /// A process stands still for a while.
    case pause
    /// Machines are cut off from others.
    case cut
    /// A way between two machines is held up.
    case clog
    /// The network becomes better or worse.
    case weather
    /// A sync fails.
    case failedSync
    /// A disk is full for a while.
    case fullDisk
    /// A process dies, or its machine does, in the middle of an operation on a file.
    case torn
    /// A bit of an old file turns over.
    case flippedBit
    /// A disk is lost with everything on it.
    case lostDisk
    /// Leadership is handed to another member.
    case transfer
    /// A manager hands leadership over, stops in order, and comes back.
    case stop
    /// A machine joins, as a learner or as a voter.
    case join
    /// A member is removed.
    case removal
    /// A manager comes back under another address.
    case readdress
}
