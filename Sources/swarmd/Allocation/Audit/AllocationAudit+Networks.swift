import Primitives
import StoreCore
import SwarmAPI

extension AllocationAudit {
    /// Compares the networks' subnets and tunnel numbers with each other; the older network keeps them.
    mutating func checkNetworks() {
        var numbers: [UInt32: String] = [:]
        var subnets: [(block: AddressBlock, name: String)] = []
        for network in self.state.networks.all.sorted(by: Self.olderFirst) where network.isAllocated {
            let own = VXLANList.numbers(of: network)
            let wanted = network.isNodeLocal ? 0 : network.tunnels
            if own.count > wanted { self.reportOrphans(own.dropFirst(wanted), of: network) }
            var kept: [UInt32] = []
            for number in own.prefix(wanted) {
                let other = numbers[number]
                if let other { self.reportTwice(number, of: network, other) } else { kept.append(number) }
                numbers[number] = other ?? network.spec.annotations.name
            }
            if kept != own, !self.isUsed(network) || kept == Array(own.prefix(wanted)) {
                var repaired = network
                repaired.driverState.options[VXLANList.key] = kept.isEmpty ? nil : VXLANList.text(kept)
                self.repair(.network(repaired))
            }
            for pool in network.pools {
                if let other = subnets.first(where: { $0.block.overlaps(pool.block) }) {
                    self.report(
                        .subnetTakenTwice,
                        of: .network(network),
                        "subnet \(pool.block) overlaps with \(other.block) of network \(other.name)",
                        remedy: "remove one of the networks and create it again",
                        repairable: false
                    )
                }
                subnets.append((pool.block, network.spec.annotations.name))
            }
        }
    }

    private mutating func reportOrphans(_ numbers: ArraySlice<UInt32>, of network: SwarmNetwork) {
        self.report(
            .tunnelNumberWithoutSubnet,
            of: .network(network),
            "has the tunnel numbers \(VXLANList.text(Array(numbers))) but no subnet for them",
            remedy: "the numbers are given back"
        )
    }

    private mutating func reportTwice(_ number: UInt32, of network: SwarmNetwork, _ other: String) {
        let isUsed = self.isUsed(network)
        let name = network.spec.annotations.name
        self.report(
            .tunnelNumberTakenTwice,
            of: .network(network),
            "has the tunnel number \(number), as network \(other) has",
            remedy: isUsed
                ? "its tasks would lose each other: stop the services of network \(name), then repair again"
                : "the network gets another number",
            repairable: !isUsed
        )
    }

    /// Whether tasks are attached that may run.
    private func isUsed(_ network: SwarmNetwork) -> Bool {
        self.state.tasks.unordered.contains { task in
            task.holdsAddresses && task.networks.contains { $0.network.id == network.id }
        }
    }
}
