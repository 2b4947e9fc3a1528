import Primitives
import StoreCore
import SwarmAPI
import SwiftProtobuf

extension SwarmTask {
    static func fixture(
        _ id: String,
        service: String = "",
        node: String = "",
        slot: UInt64 = 0,
        secret: String? = nil
    ) -> SwarmTask {
        .with {
            $0.id = id
            $0.serviceID = service
            $0.nodeID = node
            $0.slot = slot
            if let secret {
                $0.spec.container.secrets = [.with { $0.secretID = secret }]
            }
        }
    }
}

extension SwarmService {
    static func fixture(_ id: String, name: String) -> SwarmService {
        .with {
            $0.id = id
            $0.spec.annotations.name = name
            $0.spec.task.container.image = "host"
        }
    }
}

extension SwarmNetwork {
    static func fixture(_ id: String, name: String) -> SwarmNetwork {
        .with {
            $0.id = id
            $0.spec.annotations.name = name
        }
    }
}

extension Transaction {
    init(on state: StoreState, version: UInt64) {
        self.init(on: state, version: version, now: Timestamp(seconds: Int64(version)))
    }
}

extension StoreState {
    /// A state in which `body` was carried out.
    static func with(_ body: (inout Transaction) throws -> Void) rethrows -> StoreState {
        var transaction = Transaction(on: StoreState(), version: 1)
        try body(&transaction)
        return transaction.state
    }

    var isConsistent: Bool {
        self.nodes.isConsistent && self.services.isConsistent && self.networks.isConsistent
            && self.tasks.isConsistent
    }
}
