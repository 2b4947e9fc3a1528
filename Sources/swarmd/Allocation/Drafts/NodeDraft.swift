import StoreCore
import SwarmAPI
import SwiftProtobuf

/// The attachments that a node should have: an address of its own in each network whose tasks it runs, from which
/// it balances load, and one in the ingress network (SwarmKit `manager/allocator`, `allocateNode`).
enum NodeDraft {
    /// The overlay networks that the node needs, those of its tasks first and ingress last.
    static func networks(of id: String, on state: StoreState, ingress: SwarmNetwork?) -> [SwarmNetwork] {
        var networks: [SwarmNetwork] = []
        for task in state.tasks.find(.node(id)) where !task.networks.isEmpty && task.holdsAddresses {
            for attachment in task.networks
            where !networks.contains(where: { $0.id == attachment.network.id }) {
                guard let network = state.networks[attachment.network.id], network.isAllocated,
                    !network.isNodeLocal
                else { continue }
                networks.append(network)
            }
        }
        if let ingress, ingress.isAllocated, !networks.contains(where: { $0.id == ingress.id }) {
            networks.append(ingress)
        }
        return networks
    }

    /// The node with what it should have; a network without a free address is left out, and tried again later.
    static func allocate(
        _ node: SwarmNode,
        on state: StoreState,
        ingress: SwarmNetwork?,
        from ledger: inout Ledger
    ) -> (node: SwarmNode, shortage: Shortage?) {
        let networks = Self.networks(of: node.id, on: state, ingress: ingress)
        var shortage: Shortage?
        var attachments = node.attachments.filter { held in
            networks.contains { $0.id == held.network.id && Self.isUsable(held, in: $0) }
        }
        for network in networks where !attachments.contains(where: { $0.network.id == network.id }) {
            do throws(Shortage) {
                let addresses = try AddressChoice.attachment(of: network, asked: [], from: &ledger)
                attachments.append(
                    .with {
                        $0.network = network
                        $0.addresses = addresses
                    }
                )
            } catch { shortage = error }
        }
        var allocated = node
        // Attachments carry a copy of their network: it is left as it was, so that a node is not written in vain.
        allocated.attachments = attachments
        return (allocated, shortage)
    }

    private static func isUsable(_ attachment: SwarmNetworkAttachment, in network: SwarmNetwork) -> Bool {
        let held = Holdings(of: SwarmNode.with { $0.attachments = [attachment] }).addresses.map(\.address)
        return !held.isEmpty && held.allSatisfy { address in network.pools.contains { $0.allows(address) } }
    }
}

extension SwarmTask {
    /// Whether the task keeps its addresses: until it has ended.
    var holdsAddresses: Bool { self.status.state.rawValue <= SwarmTaskState.running.rawValue }
}
