package import SwarmAPI

/// Any object of the store.
///
/// SwarmKit's union of them (`SwarmObject`) has room for the widest kind in every value: three hundred bytes,
/// where a task is three words. Logs of changes would be ten times as large, so the wide kinds stand apart.
package enum StoreValue: Sendable, Equatable {
    case node(SwarmNode)
    case service(SwarmService)
    case network(SwarmNetwork)
    case task(SwarmTask)
    case cluster(SwarmCluster)
    indirect case secret(SwarmSecret)
    indirect case resource(SwarmResource)
    indirect case `extension`(SwarmExtension)
    indirect case config(SwarmConfig)
    case volume(SwarmVolume)
}

extension StoreValue {
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
    package var kind: ObjectKind {
        switch self {
        case .node: .node
        case .service: .service
        case .network: .network
        case .task: .task
        case .cluster: .cluster
        case .secret: .secret
        case .resource: .resource
        case .extension: .extension
        case .config: .config
        case .volume: .volume
        }
    }

    /// The identifier of the object.
    package var id: String { self.object.id }

    /// The version and times of the object.
    package var meta: SwarmMeta { self.object.meta }
}

extension SwarmObject {
    /// The object as the API's messages carry it.
    package init(_ value: StoreValue) {
        self.init()
        self.object =
            switch value {
            case .node(let object): .node(object)
            case .service(let object): .service(object)
            case .network(let object): .network(object)
            case .task(let object): .task(object)
            case .cluster(let object): .cluster(object)
            case .secret(let object): .secret(object)
            case .resource(let object): .resource(object)
            case .extension(let object): .extension(object)
            case .config(let object): .config(object)
            case .volume(let object): .volume(object)
            }
    }
}

extension ObjectKind {
    /// The number of the kind in SwarmKit's snapshot (`api/snapshot.proto`).
    var number: UInt64 {
        switch self {
        case .node: 1
        case .service: 2
        case .network: 3
        case .task: 4
        case .cluster: 5
        case .secret: 6
        case .resource: 7
        case .extension: 8
        case .config: 9
        case .volume: 10
        }
    }

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
