import FoundationEssentials
import GRPCCore
import SwarmAPI
import SwarmRPC
import Trust

/// Looks at what operators ask for before anything is done about it.
enum NodeRequests {
    /// How many addresses of managers a request may have.
    private static let managers = 64
    /// The largest root certificate or key.
    private static let pemBytes = 1 << 20

    static func check(_ request: SwarmdInitClusterRequest) throws(RPCError) {
        try Self.check(listen: request.listenAddr, advertise: request.advertiseAddr)
        try Self.check(request.availability)
        guard request.caCert.isEmpty == request.caKey.isEmpty else {
            throw Self.invalid("ca_key", "a certificate and its key go together")
        }
        guard max(request.caCert.count, request.caKey.count) <= Self.pemBytes else {
            throw Self.invalid("ca_cert", "it has more than \(Self.pemBytes) bytes")
        }
        if let fault = AddressPoolFlags.fault(
            pools: request.defaultAddrPool,
            length: request.defaultAddrPoolMaskLength,
            port: request.dataPathPort
        ) {
            throw Self.invalid(fault.field, fault.problem)
        }
    }

    static func check(_ request: SwarmdJoinClusterRequest) throws(RPCError) {
        try Self.check(listen: request.listenAddr, advertise: request.advertiseAddr)
        try Self.check(request.availability)
        guard !request.managers.isEmpty else {
            throw Self.invalid("managers", "give the address of a manager")
        }
        guard request.managers.count <= Self.managers else {
            throw Self.invalid("managers", "more than \(Self.managers) addresses")
        }
        for text in request.managers {
            do throws(ServerAddressError) { _ = try ServerAddress(text) } catch {
                throw Self.invalid("managers", "\(error)")
            }
        }
        do throws(JoinTokenError) { _ = try JoinToken(parsing: request.token) } catch {
            throw RPCError(code: .invalidArgument, message: "\(error)")
        }
    }

    private static func check(listen: String, advertise: String) throws(RPCError) {
        do throws(AddressError) { try NodeAddresses.check(listen: listen, advertise: advertise) } catch {
            throw RPCError(code: .invalidArgument, message: "\(error)")
        }
    }

    private static func check(_ availability: SwarmNodeSpec.Availability) throws(RPCError) {
        if case .UNRECOGNIZED(let number) = availability {
            throw Self.invalid("availability", "unknown value \(number)")
        }
    }

    private static func invalid(_ field: String, _ problem: String) -> RPCError {
        RPCError(code: .invalidArgument, message: "\(field): \(problem)")
    }
}
