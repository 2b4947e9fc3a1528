import GroupSimulation
import StoreCore
import SwarmAPI

/// No address of a network is given out twice: to tasks that have not ended, to services, and to nodes.
enum AddressRule {
    static func check(_ commit: Commit) throws(Violation) {
        guard commit.changes.contains(where: { !Self.addresses(of: $0.value).isEmpty }) else { return }
        var holders: [String: String] = [:]
        let state = commit.state
        let objects =
            state.nodes.all.map(\.value) + state.services.all.map(\.value)
            + state.tasks.all.filter { !$0.status.state.hasEnded }.map(\.value)
        for object in objects {
            for address in Self.addresses(of: object) {
                if let other = holders.updateValue(object.object.id, forKey: address) {
                    throw Violation(
                        "no address is given out twice",
                        "\(address): \(other) and \(object.object.id)"
                    )
                }
            }
        }
    }

    /// The addresses that an object holds, each with its network.
    private static func addresses(of value: StoreValue) -> [String] {
        func list(_ attachments: [SwarmNetworkAttachment]) -> [String] {
            attachments.flatMap { attachment in
                attachment.addresses.map { "\(attachment.network.id) \($0)" }
            }
        }
        return switch value {
        case .task(let task): list(task.networks)
        case .node(let node): list(node.attachments)
        case .service(let service): service.endpoint.virtualIps.map { "\($0.networkID) \($0.addr)" }
        case .network, .cluster, .secret, .resource, .extension, .config, .volume: []
        }
    }
}
