import Primitives
import StoreCore
import SwarmAPI

/// What is given out in the cluster: what the store's objects hold, and what was promised but not committed yet.
struct Ledger: Sendable {
    private(set) var subnets = SubnetBook()
    private(set) var numbers = NumberBook(VXLANList.range)
    private var addresses: [String: AddressBook] = [:]
    private var ports: [SwarmPortConfig.ProtocolEnum: NumberBook] = [:]
    /// Promises by the object that they are for; kept until a commit changes that object, whoever's it is.
    private var promised: [ObjectKey: Holdings] = [:]
    /// What the decision that is being made has taken.
    private var taken = Holdings()

    /// Published ports that are given out where a service asks for none.
    static let dynamicPorts: ClosedRange<UInt32> = 30_000...32_767

    init() {}

    /// What the objects of `state` hold.
    init(of state: StoreState) {
        for network in state.networks.unordered { self.claim(Holdings(of: network)) }
        for service in state.services.unordered { self.claim(Holdings(of: service)) }
        for node in state.nodes.unordered { self.claim(Holdings(of: node)) }
        for task in state.tasks.unordered { self.claim(Holdings(of: task)) }
    }

    /// Takes over a change that was committed; tells whether something was given back.
    mutating func observe(_ change: StoreChange) -> Bool {
        let broken = self.promised.removeValue(forKey: ObjectKey(change.value))
        if let broken { self.release(broken) }
        let old = change.old.map(Holdings.init) ?? Holdings()
        let new = change.new.map(Holdings.init) ?? Holdings()
        if old != new {
            self.claim(new)
            self.release(old)
        }
        if case .remove(.network(let network)) = change { self.addresses[network.id] = nil }
        return old != new && !old.isEmpty || broken.map { $0 != new } ?? false
    }

    func isFree(_ address: IPAddress, in network: String) -> Bool {
        self.addresses[network]?.isFree(address) ?? true
    }

    func isFree(_ port: PublishedPort) -> Bool {
        self.ports[port.transport]?.isFree(port.number) ?? true
    }

    // MARK: One decision, which takes what is free until it is kept or given up

    mutating func take(_ address: IPAddress, in network: String) {
        self.take(.with { $0.addresses = [.init(network: network, address: address)] })
    }

    /// The next free address of the network's pool.
    mutating func takeAddress(in network: String, _ pool: AddressPool) -> IPAddress? {
        let found = self.addresses[network, default: AddressBook()].next(in: pool)
        if let found { self.take(found, in: network) }
        return found
    }

    mutating func take(_ port: PublishedPort) { self.take(.with { $0.ports = [port] }) }

    /// The next free port of those that are given out where a service asks for none.
    mutating func takePort(_ transport: SwarmPortConfig.ProtocolEnum) -> UInt32? {
        let found = self.ports[transport, default: NumberBook(Self.dynamicPorts)].next()
        if let found { self.take(PublishedPort(found, transport)) }
        return found
    }

    mutating func take(number: UInt32) { self.take(.with { $0.numbers = [number] }) }

    /// The next free number of a tunnel.
    mutating func takeNumber() -> UInt32? {
        let found = self.numbers.next()
        if let found { self.take(number: found) }
        return found
    }

    mutating func take(_ subnet: AddressBlock) { self.take(.with { $0.subnets = [subnet] }) }

    /// Ends the decision with `value`, which is to be committed and holds what was taken.
    mutating func keep(_ value: StoreValue) {
        self.promise(value)
        self.giveUp()
    }

    /// Ends the decision with nothing.
    mutating func giveUp() {
        self.release(self.taken)
        self.taken = Holdings()
    }

    private mutating func take(_ holdings: Holdings) {
        self.claim(holdings)
        self.taken.add(holdings)
    }

    private mutating func promise(_ value: StoreValue) {
        let key = ObjectKey(value)
        let old = self.promised.removeValue(forKey: key)
        let holdings = Holdings(of: value)
        self.claim(holdings)
        if !holdings.isEmpty { self.promised[key] = holdings }
        if let old { self.release(old) }
    }

    private mutating func claim(_ holdings: Holdings) {
        for held in holdings.addresses {
            self.addresses[held.network, default: AddressBook()].claim(held.address)
        }
        for port in holdings.ports {
            self.ports[port.transport, default: NumberBook(Self.dynamicPorts)].claim(port.number)
        }
        for number in holdings.numbers { self.numbers.claim(number) }
        for subnet in holdings.subnets { self.subnets.claim(subnet) }
    }

    private mutating func release(_ holdings: Holdings) {
        for held in holdings.addresses { self.addresses[held.network]?.release(held.address) }
        for port in holdings.ports { self.ports[port.transport]?.release(port.number) }
        for number in holdings.numbers { self.numbers.release(number) }
        for subnet in holdings.subnets { self.subnets.release(subnet) }
    }
}
