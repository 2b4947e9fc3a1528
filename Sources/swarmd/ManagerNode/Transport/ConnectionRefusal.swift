import Trust

/// Why a connection was turned away before it made a call.
package enum ConnectionRefusal: String, Sendable, CaseIterable, Error {
    /// There are too many, in all or of the address.
    case tooMany = "there are too many connections"
    /// Too many that have not shown who they are.
    case tooManyUnfinished = "too many connections have not shown who they are"
    /// It did not show in time who it is.
    case slow = "it did not finish its handshake in time"
    /// What it sent is no handshake, or none that we take part in.
    case handshake = "its handshake failed"
    /// It showed a certificate that is not to be believed.
    case certificate = "its certificate is not valid here"

    /// What it is counted as.
    var counted: Refusal.Reason {
        switch self {
        case .tooMany: .tooManyConnections
        case .tooManyUnfinished: .tooManyHandshakes
        case .slow: .slowHandshake
        case .handshake: .handshake
        case .certificate: .untrustedCertificate
        }
    }
}
