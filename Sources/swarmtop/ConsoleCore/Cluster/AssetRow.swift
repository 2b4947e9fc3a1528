package import Primitives
package import SwarmAPI

/// What the console keeps of a secret, a config or a network; never what a secret holds.
package struct AssetRow: Sendable, Equatable {
    package var key: ObjectKey
    package var version: UInt64
    package var name: String
    package var created: Timestamp
    package var changed: Timestamp
    /// `key=value`, sorted.
    package var labels: [String]
    /// A network's driver, a secret's driver where it has one, a config's size.
    package var driver: String
    /// A network's subnets.
    package var subnets: String
    /// "ingress", "attachable", "internal".
    package var traits: String
    var gone: Timestamp?

    package init(_ secret: SwarmSecret) {
        self.init(ObjectKey(.secret, secret.id), secret.meta, secret.spec.annotations)
        self.driver = secret.spec.driver.name
    }

    package init(_ config: SwarmConfig) {
        self.init(ObjectKey(.config, config.id), config.meta, config.spec.annotations)
        self.driver = Amounts.bytes(UInt64(config.spec.data.count))
    }

    package init(_ network: SwarmNetwork) {
        self.init(ObjectKey(.network, network.id), network.meta, network.spec.annotations)
        self.driver =
            network.driverState.name.isEmpty ? network.spec.driverConfig.name : network.driverState.name
        let ipam = network.ipam.configs.isEmpty ? network.spec.ipam.configs : network.ipam.configs
        self.subnets = ipam.map(\.subnet).filter { !$0.isEmpty }.joined(separator: " ")
        let traits = [
            ("ingress", network.spec.ingress), ("attachable", network.spec.attachable),
            ("internal", network.spec.internal), ("ipv6", network.spec.ipv6Enabled),
        ]
        self.traits = traits.filter(\.1).map(\.0).joined(separator: " ")
    }

    private init(_ key: ObjectKey, _ meta: SwarmMeta, _ annotations: SwarmAnnotations) {
        self.key = key
        self.version = meta.version.index
        self.name = annotations.name
        self.created = Timestamp(meta.createdAt)
        self.changed = Timestamp(meta.hasUpdatedAt ? meta.updatedAt : meta.createdAt)
        self.labels = annotations.labels.map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }.sorted()
        (self.driver, self.subnets, self.traits) = ("", "", "")
    }

    /// Secrets before configs, then by name.
    var order: NameKey { NameKey(rank: self.key.kind == .config ? 1 : 0, name: self.name, id: self.key.id) }
}

/// A port that a service publishes.
struct PortRow: Sendable, Equatable {
    var serviceID: String
    var published: UInt32
    var target: UInt32
    var isHost: Bool
    var proto: String
    var name: String

    /// Names the row; ports have no identifier of their own.
    var id: String { "port:\(self.serviceID):\(self.published):\(self.target):\(self.proto)" }
    var text: String { "\(self.published)->\(self.target)" }

    init(_ port: SwarmPortConfig, of service: String) {
        self.serviceID = service
        self.published = port.publishedPort
        self.target = port.targetPort
        self.isHost = port.publishMode == .host
        self.name = port.name
        self.proto =
            switch port.protocol {
            case .tcp: "tcp"
            case .udp: "udp"
            case .sctp: "sctp"
            case .UNRECOGNIZED(let number): "?(\(number))"
            }
    }
}
