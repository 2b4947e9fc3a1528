import Execution
import SwarmAPI
import Synchronization

/// The controllers of the tasks on this node, for whoever reads their output.
final class ControllerRegistry: Sendable {
    struct Entry: Sendable {
        var task: SwarmTask
        var controller: any Controller
        /// Why the task cannot be run, although it has a controller that can clear it away.
        var fault: String?
    }

    private struct Contents {
        var entries: [String: Entry] = [:]
        var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextWatcher = 0
    }

    private let contents = Mutex(Contents())

    /// Why a task cannot be run; nil where nothing speaks against it.
    func fault(of task: String) -> String? { self.contents.withLock { $0.entries[task]?.fault } }

    /// The controller of a task, once it has one.
    func controller(of task: String) -> (any Controller)? {
        self.contents.withLock { $0.entries[task]?.controller }
    }

    /// Adds a task, and tells those who watch.
    func insert(_ entry: Entry) {
        self.contents.withLock { contents in
            contents.entries[entry.task.id] = entry
            for watcher in contents.watchers.values { watcher.yield() }
        }
    }

    func remove(_ task: String) { self.contents.withLock { _ = $0.entries.removeValue(forKey: task) } }

    /// The entries that `selector` names, in the order of task ids (SwarmKit `agent/worker.go`, `Subscribe`).
    func entries(matching selector: SwarmLogSelector, node: String) -> [Entry] {
        self.contents.withLock { contents in
            contents.entries.values.filter {
                selector.taskIds.contains($0.task.id) || selector.serviceIds.contains($0.task.serviceID)
                    || selector.nodeIds.contains(node)
            }
        }
        .sorted { $0.task.id < $1.task.id }
    }

    /// Wakes at once, and then whenever tasks were added.
    func additions() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = self.contents.withLock { contents in
            contents.nextWatcher += 1
            contents.watchers[contents.nextWatcher] = continuation
            return contents.nextWatcher
        }
        continuation.onTermination = { [weak self] _ in
            self?.contents.withLock { _ = $0.watchers.removeValue(forKey: number) }
        }
        continuation.yield()
        return stream
    }
}
