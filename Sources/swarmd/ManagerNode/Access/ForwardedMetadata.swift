import GRPCCore
import Trust

/// What managers add to the calls that they pass on (SwarmKit `raftproxy.go`, `ca/forward.go`).
///
/// Pure: reads, removes and writes the keys. Who may be believed is `AccessRules`' to say.
enum ForwardedMetadata {
    /// The address of the caller, for which the forwarder speaks; on calls from its own socket "@".
    static let redirect = "redirect"
    /// What stands for the address of a caller on a socket.
    static let localCaller = "@"

    private static let isForwarded = "forwarded_cert"
    private static let node = "forwarded_cert_cn"
    private static let cluster = "forwarded_cert_org"
    private static let role = "forwarded_cert_ou"
    private static let address = "remote_addr"
    /// Ours: the caller's certificate is past its end.
    ///
    /// SwarmKit's managers have no use for it.
    private static let isExpired = "swarmd-forwarded-expired"

    private static let keys = [
        Self.isForwarded, Self.node, Self.cluster, Self.role, Self.address, Self.isExpired,
    ]

    /// For whom the sender of `metadata` says it calls; nil when it calls for itself.
    ///
    /// A caller without a certificate has a name that is empty, and no role.
    static func caller(in metadata: Metadata) -> AccessRules.Caller? {
        guard Self.values(Self.isForwarded, metadata) == ["true"] else { return nil }
        let (nodes, clusters) = (Self.values(Self.node, metadata), Self.values(Self.cluster, metadata))
        let roles = Self.values(Self.role, metadata).compactMap(NodeName.Role.init)
        guard nodes.count == 1, clusters.count == 1, roles.count == 1, !nodes[0].isEmpty, !clusters[0].isEmpty
        else { return .stranger }
        let name = NodeName(cluster: clusters[0], role: roles[0], node: nodes[0])
        return Self.values(Self.isExpired, metadata) == ["true"] ? .expired(name) : .node(name)
    }

    /// The host of the caller for whom the sender speaks.
    static func host(in metadata: Metadata) -> String? {
        guard let address = Self.values(Self.address, metadata).first,
            let colon = address.lastIndex(of: ":")
        else { return nil }
        let host = address[..<colon]
        return host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
    }

    /// Whether a manager passed the call on already.
    static func isRedirected(_ metadata: Metadata) -> Bool {
        metadata[stringValues: Self.redirect].contains { _ in true }
    }

    /// Where the call was passed on from, for the refusal of a second time.
    static func redirects(in metadata: Metadata) -> [String] { Self.values(Self.redirect, metadata) }

    /// Takes out what only a forwarder may say; `redirect` too unless a manager called.
    static func strip(_ metadata: inout Metadata, keepingRedirect: Bool) {
        for key in Self.keys { metadata.removeAllValues(forKey: key) }
        if !keepingRedirect { metadata.removeAllValues(forKey: Self.redirect) }
    }

    /// What the leader gets with the call of `caller`, which came with `metadata` from the address `remote`.
    ///
    /// A call from the own socket (`caller` is nil) is this manager's own.
    static func outgoing(_ metadata: Metadata, of caller: AccessRules.Caller?, remote: String?) -> Metadata {
        var result = Metadata()
        for (key, value) in metadata where !Self.isOfConnection(key) {
            switch value {
            case .string(let text): result.addString(text, forKey: key)
            case .binary(let bytes): result.addBinary(bytes, forKey: key)
            }
        }
        Self.strip(&result, keepingRedirect: false)
        result.addString(remote ?? Self.localCaller, forKey: Self.redirect)
        guard let caller else { return result }
        result.addString("true", forKey: Self.isForwarded)
        result.addString(caller.name?.node ?? "", forKey: Self.node)
        result.addString(caller.name?.cluster ?? "", forKey: Self.cluster)
        if let name = caller.name { result.addString(name.role.rawValue, forKey: Self.role) }
        if case .expired = caller { result.addString("true", forKey: Self.isExpired) }
        if let remote { result.addString(remote, forKey: Self.address) }
        return result
    }

    /// "host:port" of gRPC's name of a network address, as "ipv4:10.0.0.1:1234"; nil for a socket.
    static func address(of peer: String) -> String? {
        for prefix in ["ipv4:", "ipv6:"] where peer.hasPrefix(prefix) {
            return String(peer.dropFirst(prefix.count))
        }
        return nil
    }

    /// What belongs to the connection that the call came on, and what this manager's client sets itself.
    private static func isOfConnection(_ key: String) -> Bool {
        key.hasPrefix(":") || key.hasPrefix("grpc-")
            || ["te", "content-type", "user-agent", "host", "connection"].contains(key.lowercased())
    }

    private static func values(_ key: String, _ metadata: Metadata) -> [String] {
        Array(metadata[stringValues: key])
    }
}
