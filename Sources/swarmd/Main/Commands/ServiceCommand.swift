import ArgumentParser
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// `swarmd service`.
struct ServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Manage services.",
        subcommands: [
            ServiceCreate.self, ServiceList.self, ServicePs.self, ServiceInspect.self, ServiceScale.self,
            ServiceUpdate.self, ServiceLogs.self, ServiceRemove.self,
        ]
    )
}

struct ServiceList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List services.",
        discussion: "Filters: id, name, mode (replicated, global, replicated-job, global-job), label.",
        aliases: ["list"]
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var options: ListOptions
    @Flag(help: "Show ids whole.") var noTrunc = false

    func run() async throws {
        let (form, filters) = try self.options.parsed(
            ["id", "name", "mode", "label"],
            words: ["mode": ["replicated", "global", "replicated-job", "global-job"]]
        )
        let (services, statuses) = try await self.daemon.connect { client in
            let services = try await client.services().filter { Self.matches($0, filters) }
            return (services, try await client.statuses(of: services))
        }
        try ServiceListing.make(services, statuses: statuses, wholeIDs: self.noTrunc).print(form)
    }

    static func matches(_ service: SwarmService, _ filters: Filters) -> Bool {
        let mode = String(Words.mode(service.spec.mode).map { $0 == " " ? "-" : $0 })
        return filters.pass("id") { service.id.hasPrefix($0) }
            && filters.pass("name") { service.spec.annotations.name.hasPrefix($0) }
            && filters.pass("mode") { mode == $0 }
            && filters.passLabels("label", service.spec.annotations.labels)
    }
}

extension ControlClient {
    /// How many tasks of each service run; counted here where the manager does not count.
    func statuses(
        of services: [SwarmService]
    ) async throws -> [String: SwarmListServiceStatusesResponse.ServiceStatus] {
        guard !services.isEmpty else { return [:] }
        let statuses: [SwarmListServiceStatusesResponse.ServiceStatus]
        do {
            statuses = try await self.serviceStatuses(ids: services.map(\.id))
        } catch let error as ControlError where error.kind == .unsupported {
            let tasks = try await self.tasks()
            statuses = services.map { ServiceListing.count($0, tasks: tasks) }
        }
        return Dictionary(statuses.map { ($0.serviceID, $0) }) { first, _ in first }
    }
}

struct ServicePs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps",
        abstract: "List the tasks of one or more services.",
        discussion: "Filters: id, name, node, desired-state (running, shutdown, accepted)."
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var options: ListOptions
    @Flag(help: "Show ids and errors whole.") var noTrunc = false
    @Flag(help: "Show node ids instead of host names.") var noResolve = false
    @Argument(help: "Id, start of an id, or name.") var service: [String]

    func run() async throws {
        let (form, filters) = try self.options.parsed(
            TaskFilter.keys.subtracting(["service"]),
            words: TaskFilter.words
        )
        let names = self.service
        let (tasks, nodes) = try await self.daemon.connect { client in
            let services = try await resolveAll(names) { try await client.service(named: $0) }
            let ids = Set(services.map(\.id))
            let tasks = try await client.tasks(.with { $0.serviceIds = ids.sorted() })
            return (tasks.filter { ids.contains($0.serviceID) }, try await client.nodes())
        }
        try printTasks(tasks, nodes, filters, form, whole: self.noTrunc, resolve: !self.noResolve)
    }
}

struct ServiceInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show all of one or more services, as JSON."
    )

    @OptionGroup var daemon: SocketOption
    @Argument(help: "Id, start of an id, or name.") var service: [String]

    func run() async throws {
        let names = self.service
        let services = try await self.daemon.connect { client in
            try await resolveAll(names) { try await client.service(named: $0) }
        }
        try Terminal.out(JSON.array(services.map(DockerJSON.service)).pretty)
    }
}

struct ServiceRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove one or more services.",
        discussion: "All names are looked up first; if one is unknown, nothing is removed.",
        aliases: ["remove"]
    )

    @OptionGroup var daemon: SocketOption
    @Argument(help: "Id, start of an id, or name.") var service: [String]

    func run() async throws {
        let names = self.service
        try await self.daemon.connect { client in
            let services = try await resolveAll(names) { try await client.service(named: $0) }
            try await forEachOperand(Array(zip(names, services))) { name, service in
                try await client.removeService(id: service.id)
                try Terminal.out(name)
            }
        }
    }
}
