import Primitives
import StoreCore
import SwarmAPI

/// The edits of a plan while it is being made: each object at most once, in the order of first mention.
struct Draft {
    private(set) var edits: [StoreEdit] = []
    private var places: [String: Int] = [:]

    mutating func create(_ task: SwarmTask) {
        self.places[task.id] = self.edits.count
        self.edits.append(.create(task.value))
    }

    mutating func update(_ service: SwarmService) { self.edits.append(.update(service.value)) }

    mutating func remove(_ task: SwarmTask) { self.edits.append(.remove(.task, id: task.id)) }

    /// Raises what is desired of `task`; what is desired never falls back (parity TS-05).
    mutating func desire(_ state: SwarmTaskState, of task: inout SwarmTask) {
        guard state.rawValue > task.desiredState.rawValue else { return }
        task.desiredState = state
        self.update(task)
    }

    /// Replaces `task`, or what the draft has of it already.
    mutating func update(_ task: SwarmTask) {
        guard let place = self.places[task.id] else {
            self.places[task.id] = self.edits.count
            self.edits.append(.update(task.value))
            return
        }
        if case .create = self.edits[place] {
            self.edits[place] = .create(task.value)
        } else {
            self.edits[place] = .update(task.value)
        }
    }

    /// Drops the tasks that one step of the plan made and a later one gave up; returns them.
    ///
    /// A drained node's task may get a successor that the service's update replaces at once: nobody needs to see it.
    mutating func dropStillborn() -> [SwarmTask] {
        var stillborn: [SwarmTask] = []
        self.edits.removeAll { edit in
            guard case .create(.task(let task)) = edit, !task.isWanted else { return false }
            stillborn.append(task)
            return true
        }
        guard !stillborn.isEmpty else { return [] }
        self.places = [:]
        for (place, edit) in self.edits.enumerated() {
            switch edit {
            case .create(.task(let task)), .update(.task(let task)): self.places[task.id] = place
            default: break
            }
        }
        return stillborn
    }

    /// The tasks that are to be made or changed, as they are to be.
    var tasks: [SwarmTask] {
        self.edits.compactMap {
            switch $0 {
            case .create(.task(let task)), .update(.task(let task)): task
            default: nil
            }
        }
    }
}
