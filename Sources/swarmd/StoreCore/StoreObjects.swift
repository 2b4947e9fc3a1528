package import SwarmAPI

extension SwarmNode: StoreObject {
    package static var kind: ObjectKind { .node }
    package static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { \.nodes }
    package var uniqueName: String? { nil }
    package var indexKeys: [IndexKey] { [.hostname(self.description_p.hostname)] }
    package var value: StoreValue { .node(self) }

    package init?(value: StoreValue) {
        guard case .node(let object) = value else { return nil }
        self = object
    }
}

extension SwarmService: StoreObject {
    package static var kind: ObjectKind { .service }
    package static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { \.services }
    package var uniqueName: String? { self.spec.annotations.name.lowercased() }
    package var indexKeys: [IndexKey] { self.spec.task.referenceKeys }
    package var value: StoreValue { .service(self) }

    package init?(value: StoreValue) {
        guard case .service(let object) = value else { return nil }
        self = object
    }
}

extension SwarmNetwork: StoreObject {
    package static var kind: ObjectKind { .network }
    package static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { \.networks }
    package var uniqueName: String? { self.spec.annotations.name.lowercased() }
    package var indexKeys: [IndexKey] { [] }
    package var value: StoreValue { .network(self) }

    package init?(value: StoreValue) {
        guard case .network(let object) = value else { return nil }
        self = object
    }
}

extension SwarmTask: StoreObject {
    package static var kind: ObjectKind { .task }
    package static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { \.tasks }
    package var uniqueName: String? { nil }
    package var indexKeys: [IndexKey] {
        var keys = self.spec.referenceKeys
        if !self.serviceID.isEmpty {
            keys.append(.service(self.serviceID))
            if self.slot != 0 { keys.append(.slot(service: self.serviceID, number: self.slot)) }
        }
        if !self.nodeID.isEmpty { keys.append(.node(self.nodeID)) }
        return keys
    }
    package var value: StoreValue { .task(self) }

    package init?(value: StoreValue) {
        guard case .task(let object) = value else { return nil }
        self = object
    }
}

extension SwarmCluster: StoreObject {
    package static var kind: ObjectKind { .cluster }
    package static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { \.clusters }
    package var uniqueName: String? { self.spec.annotations.name.lowercased() }
    package var indexKeys: [IndexKey] { [] }
    package var value: StoreValue { .cluster(self) }

    package init?(value: StoreValue) {
        guard case .cluster(let object) = value else { return nil }
        self = object
    }
}

extension SwarmSecret: StoreObject {
    package static var kind: ObjectKind { .secret }
    package static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { \.secrets }
    package var uniqueName: String? { self.spec.annotations.name.lowercased() }
    package var indexKeys: [IndexKey] { [] }
    package var value: StoreValue { .secret(self) }

    package init?(value: StoreValue) {
        guard case .secret(let object) = value else { return nil }
        self = object
    }
}

extension SwarmResource: StoreObject {
    package static var kind: ObjectKind { .resource }
    package static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { \.resources }
    package var uniqueName: String? { self.annotations.name.lowercased() }
    package var indexKeys: [IndexKey] { [] }
    package var value: StoreValue { .resource(self) }

    package init?(value: StoreValue) {
        guard case .resource(let object) = value else { return nil }
        self = object
    }
}

extension SwarmExtension: StoreObject {
    package static var kind: ObjectKind { .extension }
    package static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { \.extensions }
    package var uniqueName: String? { self.annotations.name.lowercased() }
    package var indexKeys: [IndexKey] { [] }
    package var value: StoreValue { .extension(self) }

    package init?(value: StoreValue) {
        guard case .extension(let object) = value else { return nil }
        self = object
    }
}

extension SwarmConfig: StoreObject {
    package static var kind: ObjectKind { .config }
    package static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { \.configs }
    package var uniqueName: String? { self.spec.annotations.name.lowercased() }
    package var indexKeys: [IndexKey] { [] }
    package var value: StoreValue { .config(self) }

    package init?(value: StoreValue) {
        guard case .config(let object) = value else { return nil }
        self = object
    }
}

extension SwarmVolume: StoreObject {
    package static var kind: ObjectKind { .volume }
    package static var table: any WritableKeyPath<StoreState, Table<Self>> & Sendable { \.volumes }
    package var uniqueName: String? { self.spec.annotations.name.lowercased() }
    package var indexKeys: [IndexKey] { [] }
    package var value: StoreValue { .volume(self) }

    package init?(value: StoreValue) {
        guard case .volume(let object) = value else { return nil }
        self = object
    }
}

extension SwarmTaskSpec {
    /// The secrets, configs and networks that a task of this spec uses.
    fileprivate var referenceKeys: [IndexKey] {
        var keys = self.networks.map { IndexKey.network($0.target) }
        if case .container(let container)? = self.runtime {
            keys += container.secrets.map { .secret($0.secretID) }
            keys += container.configs.map { .config($0.configID) }
        }
        return keys
    }
}
