/// What a leader keeps of its term; everybody else's is empty.
struct Leadership: Sendable {
    /// The ticks since the last heartbeat.
    var heartbeatElapsed = 0
    /// The ticks since the term began.
    var ticks: UInt64 = 0
    /// To whom leadership is being handed over, or `.none`.
    var transferee: RaftID = .none
    /// Whether somebody was told to take over; it may do so much later, so that leases are void from then on.
    var hasUrgedTransfer = false
    /// At or after the last configuration change that may be in the log without being applied.
    ///
    /// No other one may be proposed before this is applied.
    var pendingChange: UInt64 = 0
    /// The bytes of payload that were appended and not seen to be applied yet; never too many.
    var uncommittedBytes: UInt64 = 0
    /// The reads that wait.
    var reads = ReadQueue()
}
