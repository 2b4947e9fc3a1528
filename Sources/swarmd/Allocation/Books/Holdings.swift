import Primitives
import StoreCore
import SwarmAPI

/// What an object of the store holds of the cluster's addresses, ports and numbers.
///
/// All of the allocator's state follows from it: a new leader reads it from the store.
struct Holdings: Sendable, Equatable {
    /// An address in a network.
    struct Address: Sendable, Hashable {
        let network: String
        let address: IPAddress
    }

    var addresses: [Address] = []
    var ports: [PublishedPort] = []
    var numbers: [UInt32] = []
    var subnets: [AddressBlock] = []

    var isEmpty: Bool {
        self.addresses.isEmpty && self.ports.isEmpty && self.numbers.isEmpty && self.subnets.isEmpty
    }

    init() {}

    /// One that `change` has made.
    static func with(_ change: (inout Holdings) -> Void) -> Holdings {
        var holdings = Holdings()
        change(&holdings)
        return holdings
    }

    mutating func add(_ other: Holdings) {
        self.addresses += other.addresses
        self.ports += other.ports
        self.numbers += other.numbers
        self.subnets += other.subnets
    }

    init(of value: StoreValue) {
        switch value {
        case .task(let task): self.init(of: task)
        case .service(let service): self.init(of: service)
        case .node(let node): self.init(of: node)
        case .network(let network): self.init(of: network)
        default: self.init()
        }
    }

    /// A task holds addresses until it has ended.
    init(of task: SwarmTask) {
        guard task.status.state.rawValue <= SwarmTaskState.running.rawValue else { return }
        self.add(task.networks)
    }

    init(of node: SwarmNode) { self.add(node.attachments) }

    init(of service: SwarmService) {
        for address in service.endpoint.virtualIps {
            self.add(address.addr, in: address.networkID)
        }
        self.ports = service.endpoint.ports.filter { $0.publishMode == .ingress && $0.publishedPort != 0 }
            .map { PublishedPort($0.publishedPort, $0.protocol) }
    }

    init(of network: SwarmNetwork) {
        guard network.isAllocated, !network.isNodeLocal else { return }
        self.numbers = VXLANList.numbers(of: network)
        self.subnets = network.pools.map(\.block)
    }

    private mutating func add(_ attachments: [SwarmNetworkAttachment]) {
        for attachment in attachments {
            for address in attachment.addresses { self.add(address, in: attachment.network.id) }
        }
    }

    private mutating func add(_ text: String, in network: String) {
        guard let (address, _) = AddressBlock.parts(of: text) else { return }
        self.addresses.append(Address(network: network, address: address))
    }
}
