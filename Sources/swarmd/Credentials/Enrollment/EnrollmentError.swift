package import SwarmRPC

/// Why a machine did not get a certificate.
package enum EnrollmentError: Error, CustomStringConvertible {
    case unreachable(ServerAddress, String)
    case refused(ServerAddress, String)
    /// It does not have the call at all.
    case unimplemented(ServerAddress, String)
    /// No manager is known to ask.
    case noManager
    /// The root certificate there is not the one that the join token speaks of.
    case foreignRoot(ServerAddress)
    /// It did not give the certificate in time, for the reason if one is known.
    case pending(ServerAddress, String)
    /// The join token is not one of the cluster's.
    case wrongToken(ServerAddress)
    /// The authority signed another request than ours.
    case foreignRequest(ServerAddress)
    /// What was signed is not usable, for the reason.
    case unusable(String)
    /// The cluster does not know the node, or knows it no more.
    case unknownNode(ServerAddress, String)

    /// One line for the operator.
    package var description: String {
        switch self {
        case .unreachable(let address, let reason):
            "the manager at \(address) can't be reached: \(reason): check the address, that a manager runs there, and "
                + "that no firewall is between"
        case .refused(let address, let reason): "the manager at \(address) refused this node: \(reason)"
        case .unimplemented(let address, let reason):
            "what answers at \(address) is no manager of a swarm, or an older one (\(reason)): give the address that "
                + "`swarmd join-token` prints on a manager"
        case .noManager: "no manager is known"
        case .foreignRoot(let address):
            "join token: the cluster at \(address) has another root certificate than the token speaks of; the token is "
                + "another cluster's, or of before its root was replaced: `swarmd join-token` on a manager prints the "
                + "present one"
        case .pending(let address, let reason):
            "the manager at \(address) has not issued this node's certificate yet"
                + (reason.isEmpty ? "" : ": \(reason)") + "; \(Self.wayOut(of: reason))"
        case .wrongToken(let address):
            "join token: the cluster at \(address) does not know its last part: it was replaced or is mistyped; "
                + "`swarmd join-token` on a manager prints the present one"
        case .foreignRequest(let address):
            "the manager at \(address) answered with a certificate for another request than this node's"
        case .unusable(let reason): "the node's certificate can't be used: \(reason)"
        case .unknownNode(let address, let reason):
            "the manager at \(address) does not know this node any more: \(reason)"
        }
    }

    /// What can be done where a certificate was not signed for `reason`.
    private static func wayOut(of reason: String) -> String {
        guard reason.contains("external CA") else { return "see its log, and `swarmd node ls` there" }
        return
            "bring the external CA up, or have the cluster sign itself (`swarmd update --no-external-ca` on a manager, "
            + "or `swarmd ca --rotate --no-external-ca` where the root's key is not in the cluster), and join again"
    }
}
