import RaftCore

/// A few members whose every step a data file commands, and whose state machine appends what it is given.
final class InteractionEnvironment {
    /// A member and its driver.
    struct Member {
        var node: RaftNode
        let configuration: RaftConfiguration
        /// Whether its messages look like those of etcd 3.3.
        let isOld: Bool
        var appendWork: [Message] = []
        var applyWork: [Message] = []
        /// The state after each entry.
        var history: [Snapshot]
    }

    var members: [Member] = []
    /// What is on its way.
    var messages: [Message] = []
    var isQuiet = false
    private var lines: [String] = []
    private var indentation = ""

    /// Runs a command; returns the lines that it prints.
    func run(_ test: DataDrivenCase) -> [String] {
        self.lines = []
        if let error = self.perform(test) { self.lines.append(error) }
        return self.lines
    }

    func write(_ line: String) {
        if !self.isQuiet { self.lines.append(self.indentation + line) }
    }

    func write(_ lines: [String]) { for line in lines { self.write(line) } }

    func indented(_ body: () -> Void) {
        self.indentation += "  "
        body()
        self.indentation.removeLast(2)
    }

    /// The place of a member in `members`.
    func place(_ id: UInt64) -> Int { Int(id) - 1 }

    /// Takes what is on its way to a member; what its own threads answer is never dropped.
    func takeMessages(to id: RaftID, kind: String? = nil, dropping: Bool = false) -> [Message] {
        func isTaken(_ message: Message) -> Bool {
            let isLocal = message.from == message.to || message.from.isLocalThread
            return message.to == id && !(dropping && isLocal)
                && (kind ?? message.kind.etcdText) == message.kind.etcdText
        }
        defer { self.messages.removeAll(where: isTaken) }
        return self.messages.filter(isTaken)
    }

    /// Delivers or drops what is on its way to a member; returns the number of messages.
    func deliver(to id: RaftID, kind: String? = nil, dropping: Bool = false) -> Int {
        let taken = self.takeMessages(to: id, kind: kind, dropping: dropping)
        for message in taken {
            var lines = message.etcdLines
            if dropping { lines[0] = "dropped: \(lines[0])" }
            self.write(lines)
            if dropping { continue }
            do {
                try self.members[self.place(id.rawValue)].node.step(message)
            } catch {
                self.write(error.etcdText)
            }
        }
        return taken.count
    }

    // MARK: The driver

    /// Does what a member's `Ready` says.
    func processReady(_ place: Int) {
        let ready = self.members[place].node.ready()
        self.write(ready.etcdLines)
        let isAsync = self.members[place].configuration.asyncStorageWrites
        if !isAsync {
            self.members[place].node.persisted(ready)
            if let snapshot = ready.snapshot { self.members[place].history.append(snapshot) }
            self.apply(ready.committedEntries, at: place)
        }
        for message in ready.messages + ready.messagesAfterPersisting {
            switch message.to {
            case .appendThread: self.members[place].appendWork.append(message)
            case .applyThread: self.members[place].applyWork.append(message)
            default: self.messages.append(self.members[place].isOld ? message.asFromEtcd33 : message)
            }
        }
        if !isAsync { self.members[place].node.advance() }
    }

    /// Does the oldest work of a member's thread that writes.
    func processAppend(_ place: Int) -> String? {
        guard !self.members[place].appendWork.isEmpty else { return "no append work to perform" }
        let message = self.members[place].appendWork.removeFirst()
        self.writeWork(message)
        self.members[place].node.persisted(message)
        if let snapshot = message.snapshot { self.members[place].history.append(snapshot) }
        self.writeResponses(message)
        return nil
    }

    /// Does the oldest work of a member's thread that applies.
    func processApply(_ place: Int) -> String? {
        guard !self.members[place].applyWork.isEmpty else { return "no apply work to perform" }
        let message = self.members[place].applyWork.removeFirst()
        self.writeWork(message)
        self.apply(message.entries, at: place)
        self.writeResponses(message)
        return nil
    }

    private func writeWork(_ message: Message) {
        var message = message
        message.responses = []
        self.write("Processing:")
        self.write(message.etcdLines)
    }

    private func writeResponses(_ message: Message) {
        self.write("Responses:")
        self.write(message.responses.flatMap(\.etcdLines))
        self.messages += message.responses
    }

    private func apply(_ entries: [Entry], at place: Int) {
        for entry in entries {
            var state = self.members[place].history.last ?? Snapshot()
            (state.index, state.term) = (entry.index, entry.term)
            switch entry.payload {
            case .normal(let bytes):
                state.data += bytes
            case .configuration(let change):
                do {
                    state.configuration = try self.members[place].node.apply(change)
                } catch {
                    self.write(error.etcdText)
                }
                state.data += change.context
            }
            self.members[place].history.append(state)
            self.members[place].node.log.record(state)
        }
    }
}

extension Message {
    /// The message as etcd 3.3 writes it: refusals tell no term, and an empty snapshot is always there.
    fileprivate var asFromEtcd33: Message {
        var message = self
        if message.snapshot == nil { message.snapshot = Snapshot() }
        if message.reject, message.kind == .appendResponse {
            message.logTerm = 0
        }
        return message
    }
}
