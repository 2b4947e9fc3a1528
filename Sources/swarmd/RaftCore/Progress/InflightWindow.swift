/// The messages with entries that are on their way to a follower, limited by number and by bytes.
///
/// The limit of bytes is soft: the message that reaches it still goes.
package struct InflightWindow: Sendable, Equatable {
    private struct Flight: Sendable, Equatable {
        /// The last entry of the message.
        var index: UInt64
        var bytes: UInt64
    }

    private let limit: Int
    private let byteLimit: UInt64
    /// The messages from `head` on, oldest first.
    private var flights: [Flight] = []
    private var head = 0
    private var bytes: UInt64 = 0

    /// An empty window; a limit of 0 bytes is none.
    package init(limit: Int, byteLimit: UInt64 = 0) {
        precondition(limit > 0, "a window of \(limit) messages lets nothing through")
        self.limit = limit
        self.byteLimit = byteLimit
    }

    /// The number of messages on their way.
    package var count: Int { self.flights.count - self.head }

    /// Whether no more may be sent.
    package var isFull: Bool {
        self.count >= self.limit || (self.byteLimit != 0 && self.bytes >= self.byteLimit)
    }

    /// Notes a message that ends with entry `index`.
    ///
    /// There must be room for it, and `index` must not be less than before.
    package mutating func add(_ index: UInt64, bytes: UInt64) {
        precondition(!self.isFull, "a message to \(index) sent with \(self.count) on their way")
        self.flights.append(Flight(index: index, bytes: bytes))
        self.bytes += bytes
    }

    /// Forgets the messages that end at `index` or before.
    package mutating func free(through index: UInt64) {
        while self.head < self.flights.count, self.flights[self.head].index <= index {
            self.bytes -= self.flights[self.head].bytes
            self.head += 1
        }
        if self.head * 2 >= self.flights.count {
            self.flights.removeSubrange(..<self.head)
            self.head = 0
        }
    }

    /// Forgets every message.
    package mutating func reset() {
        self.flights.removeAll(keepingCapacity: true)
        self.head = 0
        self.bytes = 0
    }
}
