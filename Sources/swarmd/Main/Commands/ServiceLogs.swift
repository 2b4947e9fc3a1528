import ArgumentParser
import ControlClient
import GRPCCore
import Primitives
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// `swarmd service logs`.
struct ServiceLogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print what the tasks of a service, or one task, have printed.",
        discussion: """
            EXAMPLES
              swarmd service logs --follow --tail 10 web
              swarmd service logs --since 5m --timestamps web
            """
    )

    @OptionGroup var daemon: SocketOption
    @Flag(name: [.customShort("f"), .long], help: "Go on with what is printed from now on.") var follow =
        false
    @Option(
        name: [.customShort("n"), .long],
        parsing: .unconditional,
        help: "Number of lines from the end of each log, or `all`."
    ) var tail: String = "all"
    @Option(help: "Only what was printed since a moment (2026-11-23T05:35:24Z) or for a span (5m).")
    var since: String?
    @Flag(name: [.customShort("t"), .long], help: "Show when each line was printed.") var timestamps = false
    @Flag(help: "Leave task ids out of the prefix.") var noTaskIds = false
    @Flag(help: "Show node ids instead of host names.") var noResolve = false
    @Flag(help: "Show ids whole.") var noTrunc = false
    @Flag(help: "Print the lines as they are, without prefix.") var raw = false
    @Argument(help: "Service or task: id, start of an id, or name.") var target: String

    func run() async throws {
        let flags = self
        let options = try self.options(now: currentTimestamp())
        try await self.daemon.connect { client in
            let selector = try await flags.selector(client)
            let writer = try await LogWriter(flags, client, selector)
            let request = SwarmSubscribeLogsRequest.with {
                $0.selector = selector
                $0.options = options
            }
            try await client.logs.subscribeLogs(request, options: ControlClient.streamOptions) { response in
                for try await batch in response.messages {
                    for message in batch.messages { try await writer.write(message) }
                }
            }
        }
    }

    /// Puts the flags into the wire's terms.
    func options(now: Timestamp) throws(CommandError) -> SwarmLogSubscriptionOptions {
        var options = SwarmLogSubscriptionOptions()
        options.follow = self.follow
        options.tail = try Self.wireTail(self.tail)
        if let since { options.since = try Moment.parse(since, now: now, flag: "--since").protobuf }
        return options
    }

    /// The wire's `tail` is unlike docker's: 0 is all, and -1 - n the last n lines.
    static func wireTail(_ text: String) throws(CommandError) -> Int64 {
        if text == "all" { return 0 }
        guard let count = Int64(text), count >= 0 else {
            throw .flag("--tail", text, "give a number of lines or all")
        }
        return -1 - count
    }

    private func selector(_ client: ControlClient) async throws -> SwarmLogSelector {
        do {
            let service = try await client.service(named: self.target)
            return .with { $0.serviceIds = [service.id] }
        } catch let error as ControlError where error.kind == .notFound {
            do {
                let task = try await client.task(named: self.target)
                return .with { $0.taskIds = [task.id] }
            } catch let error as ControlError where error.kind == .notFound {
                throw ControlError(.notFound, "no such service or task: \(self.target)")
            }
        }
    }
}

/// Prints log messages, each line after the name of its task.
actor LogWriter {
    private let flags: ServiceLogs
    private let client: ControlClient
    private let hostnames: [String: String]
    private var tasks: [String: SwarmTask]
    private var widest: Int

    init(_ flags: ServiceLogs, _ client: ControlClient, _ selector: SwarmLogSelector) async throws {
        self.flags = flags
        self.client = client
        let nodes = try await client.nodes()
        self.hostnames = Dictionary(nodes.map { ($0.id, $0.description_p.hostname) }) { first, _ in first }
        var filters = SwarmListTasksRequest.Filters()
        filters.serviceIds = selector.serviceIds
        filters.idPrefixes = selector.taskIds
        let tasks = try await client.tasks(filters)
        self.tasks = Dictionary(tasks.map { ($0.id, $0) }) { first, _ in first }
        self.widest = tasks.map { "\($0.slot)".count }.max() ?? 1
    }

    func write(_ message: SwarmLogMessage) async throws {
        let id = message.context.taskID
        if !self.flags.raw, self.tasks[id] == nil, let task = try? await self.client.task(named: id) {
            self.tasks[id] = task
            self.widest = max(self.widest, "\(task.slot)".count)
        }
        var line = LogLine(timestamps: self.flags.timestamps, raw: self.flags.raw)
        line.taskIDs = self.flags.noTaskIds ? .none : self.flags.noTrunc ? .whole : .short
        line.slotWidth = self.widest
        let node = self.flags.noResolve ? nil : self.hostnames[message.context.nodeID]
        let bytes = line.bytes(message, task: self.tasks[id], hostname: node ?? message.context.nodeID)
        try Terminal.write(bytes, to: message.stream == .stderr ? 2 : 1)
    }
}
