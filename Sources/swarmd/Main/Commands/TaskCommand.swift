import ArgumentParser
import ControlClient
import Glibc
import Primitives
import SwarmAPI
import SwiftProtobuf

/// `swarmd task`.
struct TaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task",
        abstract: "See the cluster's tasks.",
        subcommands: [TaskList.self, TaskInspect.self]
    )
}

/// The keys by which tasks are filtered, and how.
enum TaskFilter {
    static let keys: Set<String> = ["id", "name", "node", "desired-state", "service"]
    static let words = ["desired-state": ["running", "shutdown", "accepted"]]

    static func matches(_ task: SwarmTask, hostnames: [String: String], _ filters: Filters) -> Bool {
        filters.pass("id") { task.id.hasPrefix($0) }
            && filters.pass("name") {
                Words.taskName(task).hasPrefix($0) || task.annotations.name.hasPrefix($0)
            }
            && filters.pass("node") { task.nodeID.hasPrefix($0) || hostnames[task.nodeID] == $0 }
            && filters.pass("service") {
                task.serviceID.hasPrefix($0) || task.serviceAnnotations.name == $0
            }
            && filters.pass("desired-state") { self.desired(task.desiredState) == $0 }
    }

    /// Docker tells three desired states apart: what is not yet running counts as accepted.
    private static func desired(_ state: SwarmTaskState) -> String {
        if state.rawValue < SwarmTaskState.running.rawValue { return "accepted" }
        return state == .running ? "running" : "shutdown"
    }
}

/// Reads the wall clock.
func currentTimestamp() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
}

struct TaskList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List tasks.",
        discussion:
            "Filters: id, name, node, service, desired-state (running, shutdown, accepted).\n\nEXAMPLE\n  swarmd task ls --filter desired-state=running",
        aliases: ["list"]
    )

    @OptionGroup var daemon: SocketOption
    @OptionGroup var options: ListOptions
    @Flag(help: "Show ids and errors whole.") var noTrunc = false

    func run() async throws {
        let (form, filters) = try self.options.parsed(TaskFilter.keys, words: TaskFilter.words)
        let (tasks, nodes) = try await self.daemon.connect { (try await $0.tasks(), try await $0.nodes()) }
        try printTasks(tasks, nodes, filters, form, whole: self.noTrunc, resolve: true)
    }
}

/// Prints those of `tasks` that pass.
func printTasks(
    _ tasks: [SwarmTask],
    _ nodes: [SwarmNode],
    _ filters: Filters,
    _ form: Listing.Form,
    whole: Bool,
    resolve: Bool
) throws {
    let hostnames = Dictionary(nodes.map { ($0.id, $0.description_p.hostname) }) { first, _ in first }
    let listing = TaskListing(hostnames: resolve ? hostnames : [:], now: currentTimestamp(), whole: whole)
    let shown = tasks.filter { TaskFilter.matches($0, hostnames: hostnames, filters) }
    try listing.make(shown).print(form)
    guard form == .table, !whole else { return }
    for line in listing.waits(shown) { Terminal.error(line) }
}

struct TaskInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show all of one or more tasks, as JSON."
    )

    @OptionGroup var daemon: SocketOption
    @Argument(help: "Id, start of an id, or name.") var task: [String]

    func run() async throws {
        let names = self.task
        let tasks = try await self.daemon.connect { client in
            try await resolveAll(names) { try await client.task(named: $0) }
        }
        try Terminal.out(JSON.array(tasks.map(DockerJSON.task)).pretty)
    }
}
