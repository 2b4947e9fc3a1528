import SwarmAPI

/// Names an object of the store, whatever its kind.
package struct ObjectKey: Sendable, Hashable {
    /// Its kind.
    package let kind: ObjectKind
    /// Its identifier.
    package let id: String

    /// The key of `value`.
    package init(_ value: StoreValue) {
        switch value {
        case .node(let object): (self.kind, self.id) = (.node, object.id)
        case .service(let object): (self.kind, self.id) = (.service, object.id)
        case .network(let object): (self.kind, self.id) = (.network, object.id)
        case .task(let object): (self.kind, self.id) = (.task, object.id)
        case .cluster(let object): (self.kind, self.id) = (.cluster, object.id)
        case .secret(let object): (self.kind, self.id) = (.secret, object.id)
        case .resource(let object): (self.kind, self.id) = (.resource, object.id)
        case .extension(let object): (self.kind, self.id) = (.extension, object.id)
        case .config(let object): (self.kind, self.id) = (.config, object.id)
        case .volume(let object): (self.kind, self.id) = (.volume, object.id)
        }
    }

    /// Identifiers are unique among all kinds, so the kind would add nothing.
    package func hash(into hasher: inout Hasher) { hasher.combine(self.id) }
}
