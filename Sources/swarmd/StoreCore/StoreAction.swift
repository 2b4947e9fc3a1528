package import SwarmAPI
import SwiftProtobuf

extension SwarmStoreAction {
    /// The wire form of a change: a removal carries the whole object, as SwarmKit's does.
    package init(_ change: StoreChange) {
        self.init()
        switch change {
        case .create: self.action = .storeActionCreate
        case .update: self.action = .storeActionUpdate
        case .remove: self.action = .storeActionRemove
        }
        self.target = OneOf_Target(change.value)
    }
}

extension SwarmStoreAction.OneOf_Target {
    /// The object as an entry carries it.
    fileprivate init(_ value: StoreValue) {
        self =
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
