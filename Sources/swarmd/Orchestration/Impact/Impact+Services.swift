import StoreCore
import SwarmAPI
import SwiftProtobuf

extension Impact {
    /// Makes a change of a service.
    mutating func change(_ change: SwarmdPreviewServiceChange) throws(Mistake) {
        guard !change.serviceID.isEmpty else { return try self.create(change) }
        guard var service = self.state.services[change.serviceID] else {
            throw Mistake(text: "service \(change.serviceID) does not exist", isMissing: true)
        }
        switch change.change {
        case .replicas(let replicas):
            switch service.spec.mode {
            case .replicated, nil: service.spec.replicated.replicas = replicas
            case .replicatedJob: service.spec.replicatedJob.totalCompletions = replicas
            case .global, .globalJob:
                throw Mistake(
                    text:
                        "service \(service.spec.annotations.name) has a task on each node: it cannot be scaled"
                )
            }
        case .spec(let spec):
            service.spec = spec
            // No version of this number is ever given out.
            service.specVersion.index = .max
        case nil: throw Mistake(text: "a change of a service gives replicas or a spec")
        }
        self.put(service)
        self.settle(service)
    }

    private mutating func create(_ change: SwarmdPreviewServiceChange) throws(Mistake) {
        guard case .spec(let spec) = change.change else {
            throw Mistake(text: "a service that does not exist yet needs a spec")
        }
        let service = SwarmService.with {
            $0.id = "preview-service"
            $0.spec = spec
            $0.specVersion = SwarmVersion()
        }
        self.put(service)
        self.settle(service)
    }

    /// Has the service's tasks be what its spec asks for.
    private mutating func settle(_ service: SwarmService) {
        let tasks = self.state.tasks.find(.service(service.id)).filter { $0.isWanted && !$0.hasEnded }
        switch service.spec.mode {
        case .replicated(let mode)?: self.settle(service, tasks, slots: mode.replicas)
        case nil: self.settle(service, tasks, slots: 0)
        case .replicatedJob(let mode)?:
            let most = mode.maxConcurrent == 0 ? mode.totalCompletions : mode.maxConcurrent
            self.settle(service, tasks, slots: min(most, mode.totalCompletions))
        case .global?, .globalJob?: self.settleOnNodes(service, tasks)
        }
    }

    private mutating func settle(_ service: SwarmService, _ tasks: [SwarmTask], slots wanted: UInt64) {
        let frees = service.spec.update.order != .startFirst
        let slots = Slot.inOrderOfKeeping(Array(Slot.group(tasks).values))
        let count = Int(clamping: wanted)
        for slot in slots.dropFirst(count) {
            for task in slot.tasks { self.stop(task, replaced: false) }
        }
        for slot in slots.prefix(count) where slot.tasks.contains(where: { self.isOutdated($0, service) }) {
            for task in slot.tasks { self.stop(task, replaced: true, frees: frees) }
            self.start(service, at: slot.place)
        }
        let taken = Set(slots.prefix(count).map(\.place))
        var missing = wanted - min(wanted, UInt64(taken.count))
        var number: UInt64 = 0
        while missing > 0 {
            number += 1
            guard !taken.contains(.slot(number)) else { continue }
            guard !self.isCut else { return self.leaveOut(missing) }
            self.start(service, at: .slot(number))
            missing -= 1
        }
    }

    private mutating func settleOnNodes(_ service: SwarmService, _ tasks: [SwarmTask]) {
        let eligibility = NodeEligibility(service.spec.task)
        let slots = Slot.group(tasks, perNode: true)
        for (place, slot) in slots.sorted(by: { $0.key < $1.key }) {
            guard case .node(let id) = place else { continue }
            let stays = eligibility.keeps(self.state.nodes[id])
            guard !stays || slot.tasks.contains(where: { self.isOutdated($0, service) }) else { continue }
            for task in slot.tasks { self.stop(task, replaced: stays) }
            if stays { self.start(service, at: place) }
        }
        for node in self.state.nodes.all where slots[.node(node.id)] == nil && eligibility.admits(node) {
            self.start(service, at: .node(node.id))
        }
    }

    private func isOutdated(_ task: SwarmTask, _ service: SwarmService) -> Bool {
        task.isOutdated(for: service, on: self.state)
    }
}
