import RaftCore

/// Messages that wait to be written to a member, in the order in which they were sent.
///
/// Pure. It takes no more than its limits allow: raft sends again what was lost.
struct LinkQueue: Sendable {
    private let messageLimit: Int
    private let byteLimit: Int
    private var messages: [Message] = []
    private(set) var bytes = 0

    init(_ limits: LinkLimits) {
        self.messageLimit = limits.queuedMessages
        self.byteLimit = limits.queuedBytes
    }

    var isEmpty: Bool { self.messages.isEmpty }

    /// Adds a message; returns false if there is no room for it.
    mutating func append(_ message: Message) -> Bool {
        let size = Self.size(of: message)
        guard self.messages.count < self.messageLimit, self.bytes + size <= self.byteLimit else {
            return false
        }
        self.messages.append(message)
        self.bytes += size
        return true
    }

    /// Takes the oldest messages, up to `limit` bytes of them; one at least, if one waits.
    mutating func take(_ limit: Int) -> [Message] {
        var taken = 0
        let end = self.messages.firstIndex { message in
            let size = Self.size(of: message)
            if taken > 0, taken + size > limit { return true }
            taken += size
            return false
        }
        self.bytes -= taken
        let batch = Array(self.messages[..<(end ?? self.messages.endIndex)])
        self.messages.removeFirst(batch.count)
        return batch
    }

    /// Drops everything.
    mutating func clear() {
        self.messages = []
        self.bytes = 0
    }

    /// About as many bytes as the message has on the wire.
    static func size(of message: Message) -> Int {
        // Eleven fields, each a tag and a varint of at most ten bytes; an entry has its length in front.
        message.entries.reduce(128 + message.context.count) { $0 + $1.encodedSize + 6 }
    }
}
