import Primitives
import SwarmAPI

/// Lists tasks as `docker service ps` does: the newest of each slot first, those before it beneath.
struct TaskListing {
    /// The most characters of an error in a table.
    static let errorLimit = 30

    static let columns: [Listing.Column] = [
        .init(key: "ID", heading: "ID"), .init(key: "Name", heading: "NAME"),
        .init(key: "Image", heading: "IMAGE"), .init(key: "Node", heading: "NODE"),
        .init(key: "DesiredState", heading: "DESIRED STATE"),
        .init(key: "CurrentState", heading: "CURRENT STATE"), .init(key: "Error", heading: "ERROR"),
        .init(key: "Ports", heading: "PORTS"),
    ]

    /// Host names by node id.
    var hostnames: [String: String]
    var now: Timestamp
    /// Whether ids and errors are shown whole.
    var whole: Bool

    func make(_ tasks: [SwarmTask]) -> Listing {
        let sorted = tasks.map { (task: $0, name: Words.taskName($0)) }.sorted { left, right in
            if left.task.serviceAnnotations.name != right.task.serviceAnnotations.name {
                return left.task.serviceAnnotations.name < right.task.serviceAnnotations.name
            }
            if left.task.slot != right.task.slot { return left.task.slot < right.task.slot }
            if left.name != right.name { return left.name < right.name }
            let created = (Timestamp(left.task.meta.createdAt), Timestamp(right.task.meta.createdAt))
            return created.0 != created.1 ? created.0 > created.1 : left.task.id < right.task.id
        }
        var previous = ""
        return Listing(
            columns: Self.columns,
            rows: sorted.map { task, name in
                defer { previous = name }
                return self.row(task, name: name == previous ? " \\_ \(name)" : name)
            }
        )
    }

    /// How many tasks a line names.
    private static let named = 3

    /// A line for each reason why tasks wait that a table cuts off, with the names of those that wait for it.
    func waits(_ tasks: [SwarmTask]) -> [String] {
        let waiting = tasks.filter {
            $0.status.state == .pending && $0.desiredState.rawValue <= SwarmTaskState.running.rawValue
                && $0.status.err.count > Self.errorLimit
        }
        return Dictionary(grouping: waiting, by: \.status.err).sorted { $0.key < $1.key }.map {
            reason,
            tasks in
            let sorted = tasks.sorted {
                ($0.serviceAnnotations.name, $0.slot, $0.id) < ($1.serviceAnnotations.name, $1.slot, $1.id)
            }
            let names = sorted.prefix(Self.named).map(Words.taskName).joined(separator: ", ")
            let more = tasks.count > Self.named ? " and \(tasks.count - Self.named) more" : ""
            return TextTable.plain("PENDING \(names)\(more): \(reason)")
        }
    }

    private func row(_ task: SwarmTask, name: String) -> Listing.Row {
        let id = Words.short(task.id, whole: self.whole)
        return .init(
            id: id,
            cells: [
                id, name, task.spec.container.image, self.hostnames[task.nodeID] ?? task.nodeID,
                Words.title(Words.state(task.desiredState)), self.current(task), self.error(task),
                Self.ports(task),
            ]
        )
    }

    private func current(_ task: SwarmTask) -> String {
        let state = Words.title(Words.state(task.status.state))
        guard task.status.hasTimestamp else { return state }
        return "\(state) \(TimeText.ago(self.now - Timestamp(task.status.timestamp))) ago"
    }

    private func error(_ task: SwarmTask) -> String {
        let text = task.status.err
        guard !text.isEmpty else { return "" }
        guard !self.whole, text.count > Self.errorLimit else { return "\"\(text)\"" }
        return "\"\(text.prefix(Self.errorLimit - 1))…\""
    }

    private static func ports(_ task: SwarmTask) -> String {
        task.status.portStatus.ports.filter { $0.publishedPort > 0 }
            .map { "*:\($0.publishedPort)->\($0.targetPort)/\(Words.transport($0.protocol))" }
            .joined(separator: ",")
    }
}
