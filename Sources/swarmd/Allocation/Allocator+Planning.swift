import Primitives
import StoreCore
import SwarmAPI

/// What the allocator has to decide on.
struct AllocationDue: Sendable {
    var networks: Set<String> = []
    var services: Set<String> = []
    var nodes: Set<String> = []
    var tasks: Set<String> = []
    /// Whether every node may need other attachments.
    var allNodes = false
}

/// What could not be given, and why.
struct AllocationWaiting: Sendable {
    var networks: [String: Shortage] = [:]
    var services: [String: Shortage] = [:]
    var nodes: Set<String> = []
    /// Tasks, each with its service.
    var tasks: [String: String] = [:]
}

/// Whether the tasks of a service may be allocated.
enum ServiceReadiness: Sendable {
    case ready(SwarmService?)
    /// Not yet; nil while its own allocation is on its way.
    case waiting(reason: String?)
}

extension Allocator {
    mutating func planNetwork(_ network: SwarmNetwork, on state: StoreState) -> StoreEdit? {
        self.waiting.networks[network.id] = nil
        guard !network.isComplete else { return nil }
        do throws(Shortage) {
            let allocated = try NetworkDraft.allocate(network, on: state, from: &self.ledger).value
            self.ledger.keep(allocated)
            return .update(allocated)
        } catch {
            self.ledger.giveUp()
            self.waiting.networks[network.id] = error
            return nil
        }
    }

    mutating func planNode(_ id: String, on state: StoreState, ingress: SwarmNetwork?) -> StoreEdit? {
        self.waiting.nodes.remove(id)
        guard let node = state.nodes[id] else { return nil }
        let (allocated, shortage) = NodeDraft.allocate(node, on: state, ingress: ingress, from: &self.ledger)
        if shortage != nil { self.waiting.nodes.insert(id) }
        guard allocated.attachments != node.attachments else {
            self.ledger.giveUp()
            return nil
        }
        self.ledger.keep(allocated.value)
        return .update(allocated.value)
    }

    mutating func planService(
        _ service: SwarmService,
        on state: StoreState,
        ingress: SwarmNetwork?
    ) -> StoreEdit? {
        self.waiting.services[service.id] = nil
        let draft: EndpointDraft
        var allocated = service
        do throws(Shortage) {
            draft = try EndpointDraft(of: service, on: state, ingress: ingress)
        } catch {
            self.waiting.services[service.id] = error
            return nil
        }
        guard !draft.isPresent else { return nil }
        do throws(Shortage) {
            if let endpoint = try draft.filled(from: &self.ledger) {
                allocated.endpoint = endpoint
            } else {
                allocated.clearEndpoint()
            }
        } catch {
            self.ledger.giveUp()
            self.waiting.services[service.id] = error
            guard draft.remainder != service.endpoint else { return nil }
            allocated.endpoint = draft.remainder
        }
        self.ledger.keep(allocated.value)
        return .update(allocated.value)
    }

    /// Lets the task be scheduled, or says what it waits for; nil if it says so already, or need not.
    mutating func planTask(
        _ task: SwarmTask,
        on state: StoreState,
        _ ingress: SwarmNetwork?,
        _ readiness: inout [String: ServiceReadiness],
        now: Timestamp
    ) -> StoreEdit? {
        let known = readiness[task.serviceID] ?? self.readiness(task.serviceID, on: state, ingress: ingress)
        readiness[task.serviceID] = known
        guard case .ready(let service) = known else {
            guard case .waiting(let reason) = known else { return nil }
            return self.wait(task, for: reason, now: now)
        }
        do throws(Shortage) {
            var allocated = try TaskDraft.allocate(
                task,
                of: service,
                on: state,
                ingress: ingress,
                from: &self.ledger
            )
            allocated.status.state = .pending
            allocated.status.message = "pending task scheduling"
            allocated.status.timestamp = now.protobuf
            self.ledger.keep(allocated.value)
            self.waiting.tasks[task.id] = nil
            return .update(allocated.value)
        } catch {
            self.ledger.giveUp()
            return self.wait(task, for: self.reason(error), now: now)
        }
    }

    private mutating func wait(_ task: SwarmTask, for reason: String?, now: Timestamp) -> StoreEdit? {
        self.waiting.tasks[task.id] = task.serviceID
        guard let reason else { return nil }
        var updated = task
        updated.status.message = "waiting for network allocation: \(reason)"
        guard updated.status.message != task.status.message else { return nil }
        updated.status.timestamp = now.protobuf
        return .update(updated.value)
    }

    private func readiness(_ id: String, on state: StoreState, ingress: SwarmNetwork?) -> ServiceReadiness {
        guard let service = state.services[id] else { return .ready(nil) }
        if let shortage = self.waiting.services[id] { return .waiting(reason: self.reason(shortage)) }
        do throws(Shortage) {
            let draft = try EndpointDraft(of: service, on: state, ingress: ingress)
            return draft.isPresent ? .ready(service) : .waiting(reason: nil)
        } catch { return .waiting(reason: self.reason(error)) }
    }

    /// What to tell of a shortage; nil where the network that is waited for is on its way.
    private func reason(_ shortage: Shortage) -> String? {
        guard let network = shortage.network else { return shortage.description }
        return self.waiting.networks[network].map { "\(shortage): \($0)" }
    }
}

extension SwarmTask {
    /// Whether the allocator has to do something for it.
    var isWaitingForAllocation: Bool {
        self.status.state == .new && self.desiredState.rawValue <= SwarmTaskState.complete.rawValue
    }
}

extension SwarmService {
    /// Whether its spec names ports of the mesh, which must not be given to others first.
    var hasStaticPorts: Bool {
        self.spec.endpoint.ports.contains { $0.publishMode == .ingress && $0.publishedPort != 0 }
    }
}

extension SwarmNetwork {
    /// Whether its spec names subnets or tunnel numbers, which must not be given to others first.
    var asksForItsOwn: Bool {
        self.spec.ipam.configs.contains { !$0.subnet.isEmpty }
            || self.spec.driverConfig.options[VXLANList.key] != nil
    }
}
