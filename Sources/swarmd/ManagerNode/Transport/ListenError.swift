/// Why a manager cannot listen where it was told to.
package enum ListenError: Error, Equatable, CustomStringConvertible {
    /// The kernel's limit for the path of a unix socket.
    case pathTooLong(path: String, bytes: Int)
    case notASocket(path: String)
    /// Another process answers on the socket.
    case inUse(path: String)
    case system(operation: String, path: String, errno: Int32)
    /// Another program listens there.
    case addressInUse(String)
    case notAnAddress(String)
    /// No interface of this machine has the address.
    case foreignAddress(String)

    package var description: String {
        switch self {
        case .pathTooLong(let path, let bytes):
            "the path of the socket has \(bytes) bytes, at most \(UnixSocketFile.longestPath) are possible: \(path)"
        case .notASocket(let path): "\(path) exists and is not a socket: not touching it"
        case .inUse(let path): "another process already listens on \(path)"
        case .system(let operation, let path, let code): "cannot \(operation) \(path): error \(code)"
        case .addressInUse(let text): "another program listens on \(text): choose another address"
        case .foreignAddress(let text):
            "this machine has no interface with the address of \(text): give one that it has, or 0.0.0.0:PORT for all"
        case .notAnAddress(let text): "\(text) is not of the form IP:PORT"
        }
    }
}
