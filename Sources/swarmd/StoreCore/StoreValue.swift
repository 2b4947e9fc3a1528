package import SwarmAPI

extension SwarmObject.OneOf_Object {
    /// The object itself, whatever its kind.
    package var object: any StoreObject {
        switch self {
        case .node(let object): object
        case .service(let object): object
        case .network(let object): object
        case .task(let object): object
        case .cluster(let object): object
        case .secret(let object): object
        case .resource(let object): object
        case .extension(let object): object
        case .config(let object): object
        case .volume(let object): object
        }
    }

    /// The kind of the object.
    package var kind: ObjectKind { self.object.storeKind }

    /// The identifier of the object.
    package var id: String { self.object.id }

    /// The version and times of the object.
    package var meta: SwarmMeta { self.object.meta }
}

extension StoreObject {
    /// The kind, for code that has the object only as a member of the union.
    fileprivate var storeKind: ObjectKind { Self.kind }
}

extension ObjectKind {
    /// The message that objects of this kind are.
    package var type: any StoreObject.Type {
        switch self {
        case .node: SwarmNode.self
        case .service: SwarmService.self
        case .network: SwarmNetwork.self
        case .task: SwarmTask.self
        case .cluster: SwarmCluster.self
        case .secret: SwarmSecret.self
        case .resource: SwarmResource.self
        case .extension: SwarmExtension.self
        case .config: SwarmConfig.self
        case .volume: SwarmVolume.self
        }
    }
}
