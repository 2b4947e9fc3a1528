import GRPCCore
package import NIOCore

/// Cuts what a stream carries into messages.
///
/// It also says how much of the stream's window may be given back: the bytes of an unfinished message at once, as
/// it could otherwise never be finished; those of a whole one when it is consumed.
package struct MessageDecoder {
    /// gRPC over HTTP/2: a flag and four bytes of length before each message.
    package static let prefix = 5

    /// A whole message.
    package struct Message {
        /// What it says.
        package var bytes: ByteBuffer
        /// What to give back of the window once it is consumed.
        package var held: Int
    }

    private var rest = ByteBuffer()
    /// Bytes of the unfinished message that were given back already.
    private var waived = 0
    private let limit: Int

    /// Refuses messages of more than `limit` bytes.
    package init(limit: Int) { self.limit = limit }

    /// Takes in what a frame carried; returns the messages that it finished, and what to give back at once.
    ///
    /// Throws `resourceExhausted` for a message that is too large and `unimplemented` for a compressed one.
    package mutating func receive(
        _ bytes: ByteBuffer
    ) throws(RPCError) -> (messages: [Message], released: Int) {
        var bytes = bytes
        if self.rest.readableBytes > 0 {
            self.rest.writeBuffer(&bytes)
            bytes = self.rest
        }
        var messages: [Message] = []
        while let message = try self.next(of: &bytes) {
            messages.append(
                .init(bytes: message, held: message.readableBytes + Self.prefix - self.waived)
            )
            self.waived = 0
        }
        let released = bytes.readableBytes - self.waived
        self.waived = bytes.readableBytes
        self.rest = bytes
        return (messages, released)
    }

    private func next(of bytes: inout ByteBuffer) throws(RPCError) -> ByteBuffer? {
        let start = bytes.readerIndex
        guard let flag = bytes.getInteger(at: start, as: UInt8.self),
            let length = bytes.getInteger(at: start + 1, as: UInt32.self)
        else { return nil }
        guard flag == 0 else {
            throw RPCError(code: .unimplemented, message: "messages must not be compressed")
        }
        guard length <= self.limit else {
            throw RPCError(
                code: .resourceExhausted,
                message: "a message has \(length) bytes; at most \(self.limit) are taken"
            )
        }
        guard bytes.readableBytes >= Self.prefix + Int(length) else { return nil }
        bytes.moveReaderIndex(forwardBy: Self.prefix)
        return bytes.readSlice(length: Int(length))
    }
}
