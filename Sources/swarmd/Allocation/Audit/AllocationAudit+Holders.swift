import Primitives
import StoreCore
import SwarmAPI

extension AllocationAudit {
    /// What is wrong with one address of a holder.
    private struct Fault {
        let kind: AllocationFinding.Kind
        let problem: String
    }

    // MARK: Services

    mutating func check(_ service: SwarmService) {
        var repaired = service
        let needed = self.networks(of: service)
        repaired.endpoint.virtualIps = service.endpoint.virtualIps.filter { held in
            let owner = StoreValue.service(service)
            guard
                let fault = self.fault(
                    [held.addr],
                    in: held.networkID,
                    of: owner,
                    isNeeded: needed.contains(held.networkID)
                )
            else { return true }
            let isNeeded = needed.contains(held.networkID) && self.state.networks[held.networkID] != nil
            self.report(
                fault.kind,
                of: owner,
                fault.problem,
                remedy: isNeeded ? "the service gets another address" : "the address is given back"
            )
            return false
        }
        repaired.endpoint.ports = service.endpoint.ports.filter { self.keeps($0, service) }
        if repaired.endpoint != service.endpoint { self.repair(.service(repaired)) }
    }

    /// The networks in which the service needs a virtual address.
    private func networks(of service: SwarmService) -> Set<String> {
        guard service.spec.endpoint.mode == .vip else { return [] }
        var needed = service.spec.attachedNetworks.map { config in
            self.state.networks[config.target]?.id ?? self.state.networks.named(config.target)?.id
                ?? config.target
        }
        if service.spec.needsIngress, let ingress = self.state.ingressNetwork { needed.append(ingress.id) }
        return Set(needed)
    }

    private mutating func keeps(_ port: SwarmPortConfig, _ service: SwarmService) -> Bool {
        guard port.publishMode == .ingress, port.publishedPort != 0 else { return true }
        let published = PublishedPort(port.publishedPort, port.protocol)
        guard let other = self.take(published, for: service), other.id != service.id else { return true }
        let isAskedFor = service.spec.endpoint.ports.contains {
            $0.publishMode == .ingress && $0.publishedPort == port.publishedPort
                && $0.protocol == port.protocol
        }
        let name = service.spec.annotations.name
        self.report(
            .portTakenTwice,
            of: .service(service),
            "publishes \(published), as service \(other.spec.annotations.name) does",
            remedy: isAskedFor
                ? "publish one of them elsewhere, as by `swarmd service update --publish-rm \(port.publishedPort)"
                    + " --publish-add PORT:\(port.targetPort) \(name)`"
                : "the service gets another port",
            repairable: !isAskedFor
        )
        return isAskedFor
    }

    // MARK: Nodes

    mutating func check(_ node: SwarmNode) {
        var repaired = node
        let ingress = self.state.ingressNetwork
        let needed = Set(NodeDraft.networks(of: node.id, on: self.state, ingress: ingress).map(\.id))
        repaired.attachments = node.attachments.filter { held in
            let owner = StoreValue.node(node)
            let isNeeded = needed.contains(held.network.id)
            guard let fault = self.fault(held.addresses, in: held.network.id, of: owner, isNeeded: isNeeded)
            else { return true }
            self.report(
                fault.kind,
                of: owner,
                fault.problem,
                remedy: isNeeded ? "the node gets another address" : "the address is given back"
            )
            return false
        }
        if repaired.attachments != node.attachments { self.repair(.node(repaired)) }
    }

    // MARK: Tasks

    mutating func check(_ task: SwarmTask) {
        let owner = StoreValue.task(task)
        guard !self.isAbandoned(task) else { return }
        for attachment in task.networks {
            guard
                let fault = self.fault(
                    attachment.addresses,
                    in: attachment.network.id,
                    of: owner,
                    isNeeded: true
                )
            else { continue }
            self.report(
                fault.kind,
                of: owner,
                fault.problem,
                remedy: "the task is stopped; another takes its place"
            )
            self.end(task, as: .rejected, because: fault.problem)
            return
        }
    }

    /// Whether the task holds addresses though nobody can use it any more; it is repaired then.
    private mutating func isAbandoned(_ task: SwarmTask) -> Bool {
        let held = Holdings(of: task).addresses
        guard !held.isEmpty, !task.nodeID.isEmpty, self.state.nodes[task.nodeID] == nil else { return false }
        let texts = task.networks.flatMap(\.addresses).joined(separator: ", ")
        let problem = "holds \(texts) on node \(task.nodeID), which is gone"
        self.report(
            .addressWithoutOwner,
            of: .task(task),
            problem,
            remedy: "the task counts as lost; another takes its place"
        )
        self.end(task, as: .orphaned, because: problem)
        return true
    }

    /// Ends the task as seen by the orchestrator, which owns what is desired of it and replaces it.
    private mutating func end(_ task: SwarmTask, as end: SwarmTaskState, because problem: String) {
        var ended = task
        ended.status.state = end
        ended.status.message = "ended by a repair of the cluster"
        ended.status.err = problem
        ended.status.timestamp = self.now.protobuf
        self.repair(.task(ended))
    }

    // MARK: Addresses

    /// What is wrong with the addresses of one attachment; without a fault they are taken for the owner.
    private mutating func fault(
        _ addresses: [String],
        in id: String,
        of owner: StoreValue,
        isNeeded: Bool
    ) -> Fault? {
        let texts = addresses.filter { !$0.isEmpty }.joined(separator: ", ")
        guard let network = self.state.networks[id] else {
            return Fault(
                kind: .attachmentOfGoneNetwork,
                problem: "is attached to network \(id), which is gone"
                    + (texts.isEmpty ? "" : ", with \(texts)")
            )
        }
        let name = network.spec.annotations.name
        guard !network.isNodeLocal else { return nil }
        guard isNeeded else {
            return Fault(
                kind: .addressWithoutOwner,
                problem: "holds \(texts) of network \(name) and does not use it"
            )
        }
        for text in addresses where !text.isEmpty {
            guard let (address, _) = AddressBlock.parts(of: text),
                network.pools.contains(where: { $0.allows(address) })
            else {
                return Fault(
                    kind: .addressNotOfNetwork,
                    problem: "has \(text), which network \(name) does not give out"
                )
            }
            if let other = self.take(address, in: id, for: owner) {
                return Fault(
                    kind: .addressTakenTwice,
                    problem: "has \(address) of network \(name), as \(other) has"
                )
            }
        }
        return nil
    }
}
