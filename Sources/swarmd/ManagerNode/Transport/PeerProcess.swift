import Glibc
import NIOCore

/// The process at the other end of a unix socket.
enum PeerProcess {
    /// What the kernel tells (`struct ucred`, unix(7)): as whom the process was when it connected.
    private struct Credentials: Sendable {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    /// Asks the kernel; fails for a channel that is no unix socket.
    static func atOtherEnd(of channel: any Channel) -> EventLoopFuture<PeerIdentity.LocalCaller> {
        guard let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let credentials: EventLoopFuture<Credentials> = options.unsafeGetSocketOption(
            level: .socket,
            name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        )
        return credentials.map {
            PeerIdentity.LocalCaller(uid: $0.uid, gid: $0.gid, pid: UInt32(bitPattern: $0.pid))
        }
    }
}
