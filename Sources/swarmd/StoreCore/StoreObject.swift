package import SwarmAPI
package import SwiftProtobuf

/// A kind of object that the cluster's store holds; the order is that of SwarmKit's snapshot.
package enum ObjectKind: String, Sendable, CaseIterable {
    case node, service, network, task, cluster, secret, resource, `extension`, config, volume
}

/// A fact about an object by which a table finds it without reading the others.
package enum IndexKey: Sendable, Hashable {
    /// Tasks of the service.
    case service(String)
    /// Tasks on the node.
    case node(String)
    /// Tasks in the service's slot.
    case slot(service: String, number: UInt64)
    /// Tasks and services that use the secret.
    case secret(String)
    /// Tasks and services that use the config.
    case config(String)
    /// Tasks and services that are attached to the network.
    case network(String)
    /// Nodes with the host name.
    case hostname(String)
}

/// An object of the store: one of SwarmKit's messages.
package protocol StoreObject: Message, Equatable {
    static var kind: ObjectKind { get }
    /// Where the state keeps objects of this kind.
    static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { get }

    var id: String { get set }
    var meta: SwarmMeta { get set }

    /// The lower-cased name that no other object of the kind may have; nil where names may repeat.
    var uniqueName: String? { get }
    /// Everything by which the object can be found, besides its identifier and unique name.
    var indexKeys: [IndexKey] { get }

    /// The object as a member of the union.
    var value: StoreValue { get }
    /// The object inside the union, if it is of this kind.
    init?(value: StoreValue)
}
