package import StoreCore
package import SwarmAPI

/// The services that have to be there before a service's tasks may start, by the label `swarmd.depends-on`.
///
/// `db,cache:healthy,migrate:completed` waits for a task of `db` to run, for all that `cache` asks for to run,
/// and for `migrate` to have completed. SwarmKit knows no such order.
package struct ServiceDependencies: Sendable, Equatable {
    /// The label of a service that names its dependencies.
    package static let label = "swarmd.depends-on"
    /// How many services one service may wait for.
    package static let most = 64

    /// How far another service has to be.
    enum Condition: String, Sendable, CaseIterable {
        /// At least one of its tasks runs, or has completed.
        case started
        /// Every task that it asks for runs; a task with a health check runs once it is healthy.
        case healthy
        /// Every task that it asks for has completed.
        case completed
    }

    /// One service to wait for.
    struct Item: Sendable, Equatable {
        let name: String
        let condition: Condition
    }

    /// In the order of the label.
    let items: [Item]

    /// Reads the label of a checked spec; an item that cannot be read is left out.
    init(of spec: SwarmServiceSpec) {
        let text = spec.annotations.labels[Self.label] ?? ""
        self.items = Self.parts(of: text).compactMap { try? Item($0) }
    }

    /// Tells what is wrong with the label of `spec`, or nil.
    ///
    /// `state` holds the services as they are; the one that is being created or changed is known by its name.
    package static func fault(in spec: SwarmServiceSpec, on state: StoreState) -> String? {
        guard let text = spec.annotations.labels[Self.label] else { return nil }
        let parts = Self.parts(of: text)
        guard parts.count <= Self.most else { return "more than \(Self.most) services" }
        for part in parts {
            do { _ = try Item(part) } catch { return error.description }
        }
        return Self.cycle(from: spec, on: state).map { "a cycle: \($0.joined(separator: " -> "))" }
    }

    private static func parts(of text: String) -> [Substring] {
        text.split(separator: ",", omittingEmptySubsequences: true)
    }

    /// The names on a way from the service back to itself.
    private static func cycle(from spec: SwarmServiceSpec, on state: StoreState) -> [String]? {
        let goal = spec.annotations.name
        var open = Self(of: spec).items.reversed().map { [goal, $0.name] }
        var seen: Set<String> = []
        while let path = open.popLast(), let name = path.last {
            if name.lowercased() == goal.lowercased() { return path }
            guard seen.insert(name.lowercased()).inserted, let next = state.services.named(name) else {
                continue
            }
            open += Self(of: next.spec).items.reversed().map { path + [$0.name] }
        }
        return nil
    }

    /// What is waited for first, as an operator reads it at the task; nil where nothing is.
    func unmet(on state: StoreState) -> String? {
        for item in self.items {
            guard let service = state.services.named(item.name) else {
                return "waiting for service \(item.name), which does not exist"
            }
            guard item.condition.holds(for: service, on: state) else {
                return "waiting for service \(item.name) to be \(item.condition.rawValue)"
            }
        }
        return nil
    }
}

extension ServiceDependencies {
    /// Why an item of the label cannot be read.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }
}

extension ServiceDependencies.Item {
    fileprivate init(_ text: Substring) throws(ServiceDependencies.Fault) {
        let words = text.split(separator: ":", omittingEmptySubsequences: false)
            .map { $0.filter { !$0.isWhitespace } }
        guard let name = words.first, !name.isEmpty, words.count <= 2 else {
            throw .init(description: "\"\(text)\" is not NAME or NAME:CONDITION")
        }
        guard let condition = ServiceDependencies.Condition(rawValue: words.count == 2 ? words[1] : "started")
        else {
            throw .init(description: "\"\(words[1])\" is none of started, healthy, completed")
        }
        self.init(name: name, condition: condition)
    }
}

extension ServiceDependencies.Condition {
    fileprivate func holds(for service: SwarmService, on state: StoreState) -> Bool {
        let tasks = state.tasks.find(.service(service.id)).filter {
            !service.isJob || $0.jobIteration == service.jobStatus.jobIteration
        }
        let completed = tasks.count { $0.status.state == .complete }
        let active = tasks.filter { $0.isWanted && $0.status.state != .complete }
        let running = active.count { $0.status.state == .running }
        switch self {
        case .started: return running + completed > 0
        case .healthy: return running > 0 && running == active.count && running >= service.fewest
        case .completed: return completed > 0 && active.isEmpty && completed >= service.fewest
        }
    }
}

extension SwarmService {
    /// How many tasks the service's spec asks for; 1 where that depends on the nodes.
    fileprivate var fewest: Int {
        switch self.spec.mode {
        case .replicated(let mode)?: Int(clamping: mode.replicas)
        case .replicatedJob(let job)?: Int(clamping: job.totalCompletions)
        case .global?, .globalJob?, nil: 1
        }
    }
}
