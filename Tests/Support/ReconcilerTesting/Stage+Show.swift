import StoreCore
import SwarmAPI
import SwiftProtobuf

extension Stage {
    /// What an operator sees of a service: what it asks for and how its update stands, and the tasks that are wanted,
    /// and why the ones before them ended where they do not run.
    mutating func show(_ name: String) throws -> [String] {
        guard let service = self.state.services.named(name) else {
            throw Transcript.Mistake(description: "no service: \(name)")
        }
        let status = service.updateStatus
        var head = "service \(name) image=\(service.spec.task.container.image)"
        if service.hasUpdateStatus {
            head += " update=\(status.state) \"\(self.names.named(status.message))\""
        }
        var lines = [head]
        let tasks = self.state.tasks.find(.service(service.id)).sorted {
            ($0.meta.createdAt.seconds, $0.id) < ($1.meta.createdAt.seconds, $1.id)
        }
        let rows = tasks.filter(\.isWanted).map { task in
            let last = tasks.last { $0.slot == task.slot && $0.id != task.id && !$0.status.err.isEmpty }
            let reason = task.status.state == .running ? nil : last.map { " after \"\($0.status.err)\"" }
            let image = task.spec.container.image
            return
                "\(self.names.name(of: task, on: self.state)) image=\(image) \(task.status.state)\(reason ?? "")"
        }
        lines += rows.sorted()
        return lines
    }
}

extension SwarmTask {
    /// Whether the task is to run.
    fileprivate var isWanted: Bool { self.desiredState.rawValue <= SwarmTaskState.running.rawValue }
}
