package import FoundationEssentials
package import SwarmAPI

/// Who signs the certificates of a cluster's nodes now.
///
/// During a rotation that is the new root, and what it signs comes with its certificate by the old one, which the
/// nodes still trust (SwarmKit `ca/server.go`, `UpdateRootCA`).
package enum SigningAuthority: Sendable {
    /// The cluster itself; `intermediates` follow each certificate.
    case local(RootAuthority, intermediates: String)
    /// Servers that keep the root's key.
    case external(ExternalAuthority)
    /// Nobody: there is no root yet, or neither its key nor a server for it.
    case none

    /// The authority that `cluster` names; servers are asked before a key of the cluster's own is used.
    package init(of cluster: SwarmCluster) throws(AuthorityError) {
        let root = cluster.rootCa
        guard !root.caCert.isEmpty else {
            self = .none
            return
        }
        let rotation = root.hasRootRotation ? root.rootRotation : nil
        let certificate = rotation?.caCert ?? root.caCert
        let intermediates = rotation.map { String(decoding: $0.crossSignedCaCert, as: UTF8.self) } ?? ""
        let urls = try Self.urls(of: cluster.spec.caConfig, signingFor: certificate, presentRoot: root.caCert)
        let key = rotation?.caKey ?? root.caKey
        if !urls.isEmpty {
            self = .external(
                ExternalAuthority(
                    urls: urls,
                    root: certificate,
                    trusted: root.caCert,
                    intermediates: intermediates
                )
            )
        } else if !key.isEmpty {
            let authority = try RootAuthority(
                certificate: String(decoding: certificate, as: UTF8.self),
                key: String(decoding: key, as: UTF8.self)
            )
            self = .local(authority, intermediates: intermediates)
        } else {
            self = .none
        }
    }

    /// The servers of `config` that sign for `certificate`; one that names no root signs for the present one.
    static func urls(
        of config: SwarmCAConfig,
        signingFor certificate: Data,
        presentRoot: Data
    ) throws(AuthorityError) -> [String] {
        let wanted = try CertificateBundle.read(certificate, named: "root certificate")
        var urls: [String] = []
        for server in config.externalCas where server.protocol == .cfssl {
            let root = server.caCert.isEmpty ? presentRoot : server.caCert
            if try CertificateBundle.read(root, named: "external_cas.ca_cert") == wanted {
                urls.append(server.url)
            }
        }
        return urls
    }
}

/// Servers that sign for a root whose key the cluster does not have.
package struct ExternalAuthority: Sendable, Equatable {
    /// Where they are asked, in this order.
    package let urls: [String]
    /// The root that they sign for, PEM.
    package let root: Data
    /// The root that nodes trust; the servers' own certificates lead to one of the two.
    package let trusted: Data
    /// What follows each certificate.
    package let intermediates: String
}
