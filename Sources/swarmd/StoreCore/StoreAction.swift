package import SwarmAPI

extension SwarmStoreAction.OneOf_Target {
    /// The object that an entry carries.
    package var value: StoreValue {
        switch self {
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
