package import Primitives
package import SwarmAPI

/// Cuts subnets for networks that ask for none from the cluster's pools.
package struct SubnetBook: Sendable, Equatable {
    /// The blocks that subnets are cut from, where the cluster names none.
    package static let defaultPools = ["10.0.0.0/8"]
    /// The length of a subnet's prefix, where the cluster names none.
    package static let defaultLength = 24

    private var holders: [AddressBlock: Int] = [:]

    mutating func claim(_ block: AddressBlock) { self.holders[block, default: 0] += 1 }

    mutating func release(_ block: AddressBlock) {
        guard let count = self.holders[block] else { return }
        self.holders[block] = count > 1 ? count - 1 : nil
    }

    /// A subnet that has an address in common with `block`; the first one, if there are several.
    func conflict(with block: AddressBlock) -> AddressBlock? {
        self.holders.keys.filter { $0.overlaps(block) }.min { $0.first < $1.first }
    }

    /// The lowest subnet of the pools that nothing of is in use; nil if there is none.
    func free(in cluster: SwarmCluster?) -> AddressBlock? {
        let length = cluster.map { Int($0.subnetSize) } ?? 0
        for pool in Self.pools(of: cluster) {
            let size = length == 0 ? Self.defaultLength : length
            guard size >= pool.length else { continue }
            if let found = self.free(in: pool, length: size) { return found }
        }
        return nil
    }

    /// The blocks that the cluster cuts subnets from.
    package static func pools(of cluster: SwarmCluster?) -> [AddressBlock] {
        let texts = cluster?.defaultAddressPool ?? []
        return (texts.isEmpty ? Self.defaultPools : texts).compactMap { AddressBlock($0) }
    }

    private func free(in pool: AddressBlock, length: Int) -> AddressBlock? {
        let held = self.holders.keys.filter { $0.overlaps(pool) }.sorted { $0.first < $1.first }
        guard var candidate = AddressBlock(pool.first, length: length) else { return nil }
        for block in held where block.overlaps(candidate) {
            guard block.last < pool.last,
                let next = AddressBlock(
                    IPAddress(bits: max(block.last, candidate.last).bits + 1),
                    length: length
                )
            else { return nil }
            candidate = next
        }
        return pool.contains(candidate) ? candidate : nil
    }
}
