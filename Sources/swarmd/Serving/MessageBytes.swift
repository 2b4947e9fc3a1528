import GRPCCore
import NIOCore
import SwarmRPC

/// The bytes of a message, with room in front for the length that gRPC sends before them.
///
/// So an answer is framed where it was encoded, without a copy.
package struct MessageBytes: GRPCContiguousBytes, Sendable {
    static let prefix = MessageDecoder.prefix

    private var buffer: ByteBuffer

    /// The bytes of a message that was received.
    var received: ByteBuffer { self.buffer }

    /// A message that was received.
    init(received buffer: ByteBuffer) { self.buffer = buffer }

    package init(repeating byte: UInt8, count: Int) {
        self.init(capacity: count)
        self.buffer.writeRepeatingByte(byte, count: count)
    }

    package init(_ sequence: some Sequence<UInt8>) {
        self.init(capacity: sequence.underestimatedCount)
        self.buffer.writeBytes(sequence)
    }

    private init(capacity: Int) {
        self.buffer = ByteBufferAllocator().buffer(capacity: capacity + Self.prefix)
        self.buffer.moveWriterIndex(to: Self.prefix)
        self.buffer.moveReaderIndex(to: Self.prefix)
    }

    package var count: Int { self.buffer.readableBytes }

    package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try self.buffer.withUnsafeReadableBytes(body)
    }

    package mutating func withUnsafeMutableBytes<R>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> R
    ) rethrows -> R {
        try self.buffer.withUnsafeMutableReadableBytes(body)
    }

    /// The message as it is sent: uncompressed, after its length.
    func framed() -> ByteBuffer {
        var frame = self.buffer
        let start = frame.readerIndex - Self.prefix
        frame.setInteger(UInt8(0), at: start)
        frame.setInteger(UInt32(self.count), at: start + 1)
        frame.moveReaderIndex(to: start)
        return frame
    }
}
