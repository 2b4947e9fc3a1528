import SwiftASN1
package import X509

/// Who a node's certificate says it is: cluster, role and node, as SwarmKit's subjects have them
/// (`O=<cluster>, OU=swarm-manager, CN=<node>`).
package struct NodeName: Sendable, Hashable {
    /// What a certificate lets its holder do.
    package enum Role: String, Sendable, CaseIterable {
        case worker = "swarm-worker"
        case manager = "swarm-manager"
    }

    /// The name by which nodes call the authority before they have a certificate.
    package static let authority = "swarm-ca"

    /// The cluster's identifier.
    package let cluster: String
    package let role: Role
    /// The node's identifier.
    package let node: String

    package init(cluster: String, role: Role, node: String) {
        self.cluster = cluster
        self.role = role
        self.node = node
    }

    /// The name in `subject`; nil unless it has one cluster, one role and one node.
    package init?(_ subject: DistinguishedName) {
        func only(_ type: ASN1ObjectIdentifier) -> String? {
            let values = subject.flatMap { $0 }.filter { $0.type == type }
            return values.count == 1 ? values.first.flatMap { String($0.value) } : nil
        }
        guard let cluster = only(.RDNAttributeType.organizationName), !cluster.isEmpty,
            let role = only(.RDNAttributeType.organizationalUnitName).flatMap(Role.init),
            let node = only(.RDNAttributeType.commonName), !node.isEmpty
        else { return nil }
        self.init(cluster: cluster, role: role, node: node)
    }

    /// The subject of the node's certificate.
    var subject: DistinguishedName {
        get throws {
            try DistinguishedName {
                OrganizationName(self.cluster)
                OrganizationalUnitName(self.role.rawValue)
                CommonName(self.node)
            }
        }
    }

    /// The names by which others call the node.
    var hosts: [String] {
        [self.role.rawValue, self.node] + (self.role == .manager ? [Self.authority] : [])
    }

    /// The same as the certificate has them.
    var alternatives: SubjectAlternativeNames { SubjectAlternativeNames(self.hosts.map { .dnsName($0) }) }
}
