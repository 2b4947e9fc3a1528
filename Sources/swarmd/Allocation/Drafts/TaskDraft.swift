import StoreCore
import SwarmAPI

/// Gives a task its attachments and its service's endpoint (SwarmKit `manager/allocator`, `allocateTask`).
enum TaskDraft {
    /// The task with addresses in all its networks; throws if it has to wait.
    static func allocate(
        _ task: SwarmTask,
        of service: SwarmService?,
        on state: StoreState,
        ingress: SwarmNetwork?,
        from ledger: inout Ledger
    ) throws(Shortage) -> SwarmTask {
        var allocated = task
        var attachments: [SwarmNetworkAttachment] = []
        if let service, service.spec.needsIngress, let ingress {
            attachments.append(try Self.attach(.init(), to: ingress, from: &ledger))
        }
        let configs = task.spec.networks.isEmpty ? service?.spec.networks ?? [] : task.spec.networks
        for config in configs {
            guard let network = state.networks[config.target] ?? state.networks.named(config.target) else {
                throw Shortage("network \(config.target) not found")
            }
            attachments.append(try Self.attach(config, to: network, from: &ledger))
        }
        allocated.networks = attachments
        if let service, service.hasEndpoint { allocated.endpoint = service.endpoint }
        return allocated
    }

    private static func attach(
        _ config: SwarmNetworkAttachmentConfig,
        to network: SwarmNetwork,
        from ledger: inout Ledger
    ) throws(Shortage) -> SwarmNetworkAttachment {
        guard network.isAllocated else { throw Shortage(waitingFor: network) }
        var attachment = SwarmNetworkAttachment()
        attachment.network = network
        attachment.aliases = config.aliases
        attachment.driverAttachmentOpts = config.driverAttachmentOpts
        guard !network.isNodeLocal else {
            attachment.addresses = config.addresses
            return attachment
        }
        attachment.addresses = try AddressChoice.attachment(
            of: network,
            asked: config.addresses,
            from: &ledger
        )
        return attachment
    }
}
