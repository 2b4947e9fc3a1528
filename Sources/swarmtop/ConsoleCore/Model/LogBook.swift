package import Primitives

/// Whose output is followed.
package struct LogSource: Sendable, Hashable {
    /// A service's tasks, one task, or the tasks of a node.
    package enum Kind: Sendable { case service, task, node }

    package var kind: Kind
    package var id: String
}

/// A line that a task printed.
package struct LogEntry: Sendable, Equatable {
    package var at: Timestamp
    package var taskID: String
    package var isError: Bool
    package var text: String

    package init(at: Timestamp, taskID: String, isError: Bool, text: String) {
        self.at = at
        self.taskID = taskID
        self.isError = isError
        self.text = text
    }
}

/// What was printed, as far as it is kept: the newest lines.
struct LogBook: Sendable, Equatable {
    enum State: Sendable, Equatable {
        case opening, following
        /// The stream has ended; empty words where nothing went wrong.
        case ended(String)
    }

    /// How many lines are kept at least; a tenth more before the oldest go.
    static let limit = 10_000
    /// More characters of a line are not kept.
    static let lineLimit = 4000

    let source: LogSource
    let name: String
    /// Tells the answers to this subscription from those to one before.
    var stream: Int
    var state = State.opening
    private(set) var lines: [TextLine] = []
    /// How many lines came, those that have gone too.
    private(set) var total = 0
    private(set) var last: Timestamp?

    init(_ source: LogSource, _ name: String, stream: Int) {
        self.source = source
        self.name = name
        self.stream = stream
    }

    /// Takes lines; returns how many of the oldest went for them.
    mutating func add(_ entries: [LogEntry], name: (String) -> String) -> Int {
        self.state = .following
        for entry in entries {
            let text = entry.text.replacing("\t", with: "    ").prefix(Self.lineLimit)
            let head = "\(Ages.clock(entry.at)) \(name(entry.taskID))  "
            self.lines.append(TextLine(head + text, entry.isError ? .waiting : .normal))
            self.last = entry.at
        }
        self.total += entries.count
        guard self.lines.count > Self.limit + Self.limit / 10 else { return 0 }
        let surplus = self.lines.count - Self.limit
        self.lines.removeFirst(surplus)
        return surplus
    }
}

/// Following what tasks print.
extension Model {
    /// `l`: follows the selected object's output.
    mutating func openLogs() -> [Effect] {
        guard let source = self.logSource else {
            self.say(self.strings.selectForLogs)
            return []
        }
        self.move(by: 0)
        if self.page.place != .logs { self.pages.append(Page(.logs)) }
        self.page.pane = TextPane()
        self.page.pane.follows = true
        if self.logs?.source == source, case .following? = self.logs?.state { return [] }
        return self.follow(source, since: nil)
    }

    private var logSource: LogSource? {
        switch self.page.place {
        case .logs: self.logs?.source
        case .tasks(.slot), .tasks: self.selected.map { LogSource(kind: .task, id: $0) }
        case .nodes, .raft, .certificates: self.selected.map { LogSource(kind: .node, id: $0) }
        case .object(let key):
            switch key.kind {
            case .task: LogSource(kind: .task, id: key.id)
            case .service: LogSource(kind: .service, id: key.id)
            case .node: LogSource(kind: .node, id: key.id)
            case .network, .secret, .config: nil
            }
        case .services, .networks: self.serviceAtHand.map { LogSource(kind: .service, id: $0.id) }
        case .events, .secrets: nil
        }
    }

    mutating func follow(_ source: LogSource, since: Timestamp?) -> [Effect] {
        self.lastRequest += 1
        let stream = self.lastRequest
        if since == nil || self.logs == nil {
            let name: String? =
                switch source.kind {
                case .service: self.cluster.services[source.id]?.name
                case .task: self.cluster.tasks[source.id].map { self.cluster.taskName($0) }
                case .node: self.cluster.nodes[source.id]?.name
                }
            self.logs = LogBook(source, name ?? source.id, stream: stream)
        } else {
            self.logs?.stream = stream
        }
        return [.followLogs(stream: stream, source: source, since: since)]
    }

    /// Takes what was printed.
    mutating func take(logs entries: [LogEntry], of stream: Int) {
        guard self.logs?.stream == stream, var book = self.logs else { return }
        self.logs = nil
        let cluster = self.live
        let gone = book.add(entries) { id in
            cluster.tasks[id].map { cluster.taskName($0) } ?? String(id.prefix(12))
        }
        self.logs = book
        guard gone > 0 else { return }
        for index in self.pages.indices where self.pages[index].place == .logs {
            self.pages[index].pane.drop(gone)
        }
    }

    mutating func end(logs stream: Int, _ reason: String) {
        guard self.logs?.stream == stream else { return }
        self.logs?.state = .ended(reason)
    }

    /// After a lost connection the output goes on where it stopped.
    mutating func resumeLogs() -> [Effect] {
        guard let book = self.logs, case .ended(let reason) = book.state, !reason.isEmpty else { return [] }
        return self.follow(book.source, since: book.last ?? self.now)
    }

    /// What is on the logs' page.
    var logLines: [TextLine] {
        guard let book = self.logs else {
            return [TextLine(self.strings.nothingFollowed, .muted)]
        }
        guard book.lines.isEmpty else { return book.lines }
        switch book.state {
        case .opening, .following: return [TextLine(self.strings.nothingPrintedYet, .muted)]
        case .ended(let reason):
            return [TextLine(reason.isEmpty ? self.strings.nothingPrinted : reason, .muted)]
        }
    }

    /// How the logs' page stands, for the row of tabs.
    var logState: String {
        guard let book = self.logs else { return "" }
        let pane = self.page.pane
        if case .ended(let reason) = book.state {
            return reason.isEmpty ? self.strings.logsEnded : self.strings.logsEnded(reason)
        }
        if pane.follows { return self.strings.following }
        return self.strings.paused(new: max(0, book.total - pane.seen))
    }
}
