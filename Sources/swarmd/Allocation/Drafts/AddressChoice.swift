import Primitives
import SwarmAPI

/// Takes addresses of a network for one of its users.
enum AddressChoice {
    /// The next free address, as in `10.0.1.5/24`, from the first of the network's subnets that has one.
    ///
    /// One of version 4 where the network has such subnets, as it always has.
    static func any(of network: SwarmNetwork, from ledger: inout Ledger) throws(Shortage) -> String {
        try Self.next(in: network.pools.filter(\.block.isVersion4), of: network, from: &ledger)
    }

    /// What an attachment gets: one address of each version that the network has subnets of, or those that were asked
    /// for.
    ///
    /// SwarmKit gives one in all, of either version by chance; workers take both.
    static func attachment(
        of network: SwarmNetwork,
        asked: [String],
        from ledger: inout Ledger
    ) throws(Shortage) -> [String] {
        let wanted = asked.filter { !$0.isEmpty }
        guard wanted.isEmpty else {
            var given: [String] = []
            for text in wanted { given.append(try Self.certain(text, of: network, from: &ledger)) }
            return given
        }
        var addresses = [try Self.any(of: network, from: &ledger)]
        let newer = network.pools.filter { !$0.block.isVersion4 }
        if !newer.isEmpty { addresses.append(try Self.next(in: newer, of: network, from: &ledger)) }
        return addresses
    }

    private static func next(
        in pools: [AddressPool],
        of network: SwarmNetwork,
        from ledger: inout Ledger
    ) throws(Shortage) -> String {
        for pool in pools {
            guard let address = ledger.takeAddress(in: network.id, pool) else { continue }
            return pool.block.text(of: address)
        }
        let blocks = pools.map { "\($0.block)" }.joined(separator: ", ")
        throw Shortage("network \(network.spec.annotations.name) has no free address in \(blocks)")
    }

    private static func certain(
        _ text: String,
        of network: SwarmNetwork,
        from ledger: inout Ledger
    ) throws(Shortage) -> String {
        guard let address = AddressBlock.parts(of: text)?.address ?? IPAddress(text) else {
            throw Shortage("address \(text) cannot be read")
        }
        let name = network.spec.annotations.name
        guard let pool = network.pools.first(where: { $0.allows(address) }) else {
            throw Shortage("network \(name) does not give out the address \(address)")
        }
        guard ledger.isFree(address, in: network.id) else {
            throw Shortage("address \(address) of network \(name) is in use")
        }
        ledger.take(address, in: network.id)
        return pool.block.text(of: address)
    }
}
