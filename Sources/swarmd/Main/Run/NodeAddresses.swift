import LinuxSystem
import NIOCore
import SwarmRPC

/// Where a node listens and where others reach it, as operators give it.
struct NodeAddresses: Sendable, Equatable {
    /// docker's own port is 2377; swarmd's is SwarmKit's.
    static let defaultListen = "0.0.0.0:4242"
    private static let defaultPort = 4242

    /// "ip:port" to listen on; port 0 lets the kernel choose.
    let listen: String
    /// "ip:port" for others; empty for the address that is listened on.
    let advertise: String

    /// Reads `--listen-addr` and `--advertise-addr`, each an address or an interface, and finds what is not given
    /// among `interfaces`; the error names the flag.
    init(
        listen: String,
        advertise: String,
        interfaces: [InterfaceAddress]
    ) throws(AddressError) {
        let (host, port) = try Self.split(listen, flag: "--listen-addr", interfaces)
        self.listen = "\(ServerAddress(host: host, port: port))"
        guard advertise.isEmpty else {
            let (own, ownPort) = try Self.split(
                advertise,
                flag: "--advertise-addr",
                defaultPort: port,
                interfaces
            )
            guard !Self.isUnspecified(own) else { throw .unspecified(advertise) }
            guard ownPort > 0 else { throw .noPort(advertise) }
            self.advertise = "\(ServerAddress(host: own, port: ownPort))"
            return
        }
        guard Self.isUnspecified(host) else {
            self.advertise = ""
            return
        }
        // A port that the kernel chooses is not known yet: 0 stands for it.
        self.advertise = "\(ServerAddress(host: try Self.only(of: interfaces), port: port))"
    }

    /// Throws what reading the flags would, as far as that can be told without the machine.
    static func check(listen: String, advertise: String) throws(AddressError) {
        if !listen.isEmpty { _ = try Self.split(listen, flag: "--listen-addr", nil) }
        if !advertise.isEmpty { _ = try Self.split(advertise, flag: "--advertise-addr", nil) }
    }

    /// The one address of the machine; docker's rule and, in our words, its error.
    private static func only(of interfaces: [InterfaceAddress]) throws(AddressError) -> String {
        // An address of version 4 is preferred where there are both.
        let old = interfaces.filter { !$0.address.contains(":") }
        let candidates = old.isEmpty ? interfaces : old
        guard let first = candidates.first else { throw .none }
        guard candidates.count == 1 else { throw .several(candidates) }
        return first.address
    }

    private static func split(
        _ text: String,
        flag: String,
        defaultPort: Int = Self.defaultPort,
        _ interfaces: [InterfaceAddress]?
    ) throws(AddressError) -> (host: String, port: Int) {
        var (host, port) = (text[...], defaultPort)
        let isBare = text.hasPrefix("[") ? text.hasSuffix("]") : text.filter { $0 == ":" }.count != 1
        if !isBare, let colon = text.lastIndex(of: ":") {
            guard let number = UInt16(text[text.index(after: colon)...]) else {
                throw .notAnAddress(flag, text)
            }
            (host, port) = (text[..<colon], Int(number))
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        let name = host == "localhost" ? "127.0.0.1" : String(host)
        if (try? SocketAddress(ipAddress: name, port: port)) != nil { return (name, port) }
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || ".-_@".contains($0) }),
            name.contains(where: \.isLetter)
        else { throw .notAnAddress(flag, text) }
        guard let interfaces else { return (name, port) }
        let own = interfaces.filter { $0.interface == name }
        guard !own.isEmpty else { throw .noInterface(flag, name) }
        return (try Self.only(of: own), port)
    }

    private static func isUnspecified(_ host: String) -> Bool { ["0.0.0.0", "::"].contains(host) }
}

/// Why a node can't listen or be reached where it should.
enum AddressError: Error, Equatable, CustomStringConvertible {
    case notAnAddress(String, String)
    case noInterface(String, String)
    case unspecified(String)
    case noPort(String)
    case none
    case several([InterfaceAddress])

    var description: String {
        switch self {
        case .notAnAddress(let flag, let text):
            "\(flag): \"\(text)\" is no IP address with a port from 0 to 65535, as in 192.0.2.10:4242"
        case .noInterface(let flag, let name):
            "\(flag): no interface \"\(name)\" has an address that others can reach; give an IP address, as in 192.0.2.10"
        case .unspecified(let text): "--advertise-addr: \(text) names no address that others could connect to"
        case .noPort(let text):
            "--advertise-addr: \(text) needs a port, since the one that is listened on is not known"
        case .none:
            "this machine has no address beside the loopback interface's: give one with --advertise-addr, or listen on "
                + "one address with --listen-addr"
        case .several(let all):
            "this machine has several addresses ("
                + all.map { "\($0.address) on \($0.interface)" }.joined(separator: ", ")
                + "): say with --advertise-addr which one others reach it by"
        }
    }
}
