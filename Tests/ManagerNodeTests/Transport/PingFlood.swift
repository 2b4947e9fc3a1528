import NIOCore
import NIOPosix
import ServerTesting
import SwarmRPC

/// A client that sends nothing but PINGs.
struct PingFlood {
    let count: Int

    /// How many are acknowledged before the server closes or all are; over a connection with `security`.
    func answers(port: Int, _ security: any ConnectionSecurity = UncertifiedNode()) async throws -> Int {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                security.secure(channel, to: .manager).flatMapThrowing {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(self.bytes)
            var received = ByteBuffer()
            var answers = 0
            for try await var piece in inbound {
                received.writeBuffer(&piece)
                while let (type, flags) = self.nextFrame(of: &received) {
                    if type == 7 { return answers }
                    if type == 6, flags & 1 == 1 { answers += 1 }
                }
                if answers == self.count { break }
            }
            return answers
        }
    }

    private var bytes: ByteBuffer {
        var bytes = ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        bytes.writeBytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
        for number in 0..<self.count {
            bytes.writeBytes([0, 0, 8, 6, 0, 0, 0, 0, 0])
            bytes.writeInteger(UInt64(number))
        }
        return bytes
    }

    private func nextFrame(of bytes: inout ByteBuffer) -> (type: UInt8, flags: UInt8)? {
        guard let head = bytes.getInteger(at: bytes.readerIndex, as: UInt32.self),
            let flags = bytes.getInteger(at: bytes.readerIndex + 4, as: UInt8.self),
            bytes.readableBytes >= 9 + Int(head >> 8)
        else { return nil }
        bytes.moveReaderIndex(forwardBy: 9 + Int(head >> 8))
        return (UInt8(truncatingIfNeeded: head), flags)
    }
}
