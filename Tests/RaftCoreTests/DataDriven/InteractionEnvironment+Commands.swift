import RaftCore

extension InteractionEnvironment {
    /// Performs a command; returns an error's text.
    func perform(_ test: DataDrivenCase) -> String? {
        let ids = test.numbers
        do throws(RaftError) {
            switch test.command {
            case "add-nodes": return self.addNodes(test)
            case "campaign": self.members[self.place(ids[0])].node.campaign()
            case "propose":
                try self.members[self.place(ids[0])].node.propose(Array(test.arguments[1].key.utf8))
            case "propose-conf-change":
                try self.members[self.place(ids[0])].node.propose(Self.change(test))
            case "read-index":
                let context = Array(test.arguments[1].key.utf8)
                try self.members[self.place(ids[0])].node.readIndex(context: context)
            default: return self.performPlainly(test, ids)
            }
        } catch {
            return error.etcdText
        }
        return nil
    }

    private func performPlainly(_ test: DataDrivenCase, _ ids: [UInt64]) -> String? {
        switch test.command {
        case "log-level": self.isQuiet = test.arguments[0].key.lowercased() == "none"
        case "compact":
            // The number is the first one that shall be gone.
            self.members[self.place(ids[0])].node.log.compact(through: ids[1])
            self.writeLog(self.place(ids[0]))
        case "deliver-msgs": self.deliver(test)
        case "process-ready":
            return self.forEach(ids, "handling Ready") {
                self.processReady($0)
                return nil
            }
        case "process-append-thread":
            return self.forEach(ids, "processing append thread", self.processAppend)
        case "process-apply-thread":
            return self.forEach(ids, "processing apply thread", self.processApply)
        case "raft-log": self.writeLog(self.place(ids[0]))
        case "raft-state": self.writeStates()
        case "stabilize":
            let wasQuiet = self.isQuiet
            if let level = test.values("log-level").first { self.isQuiet = level.lowercased() == "none" }
            self.stabilize(ids)
            self.isQuiet = wasQuiet
        case "status": self.write(self.members[self.place(ids[0])].node.status.peers.map(\.etcdText))
        case "send-snapshot": self.sendSnapshot(from: ids[0], to: ids[1])
        default: return self.nudge(test, ids)
        }
        return nil
    }

    private func nudge(_ test: DataDrivenCase, _ ids: [UInt64]) -> String? {
        let first = ids.first.map(self.place) ?? 0
        switch test.command {
        case "set-randomized-election-timeout":
            let ticks = test.values("timeout").first.flatMap(Int.init) ?? 0
            self.members[first].node.overrideElectionTimeout(ticks)
        case "tick-election":
            for _ in 0..<self.members[first].configuration.electionTick { self.members[first].node.tick() }
        case "tick-heartbeat":
            for _ in 0..<self.members[first].configuration.heartbeatTick { self.members[first].node.tick() }
        case "transfer-leadership":
            let from = test.values("from").first.flatMap(UInt64.init) ?? 0
            let to = test.values("to").first.flatMap(UInt64.init) ?? 0
            self.members[self.place(from)].node.transferLeadership(to: RaftID(rawValue: to))
        case "forget-leader": self.members[first].node.forgetLeader()
        case "report-unreachable": self.members[first].node.reportUnreachable(RaftID(rawValue: ids[1]))
        case "report-snapshot":
            let isOK = test.values("ok") == ["true"]
            self.members[first].node.reportSnapshot(RaftID(rawValue: ids[1]), ok: isOK)
        default: return "unknown command"
        }
        return nil
    }

    private func forEach(_ ids: [UInt64], _ title: String, _ body: (Int) -> String?) -> String? {
        for id in ids {
            var error: String?
            if ids.count > 1 {
                self.write("> \(id) \(title)")
                self.indented { error = body(self.place(id)) }
            } else {
                error = body(self.place(id))
            }
            if let error { return error }
        }
        return nil
    }

    // MARK: Members

    private func addNodes(_ test: DataDrivenCase) -> String? {
        var snapshot = Snapshot()
        func ids(_ key: String) -> [RaftID] {
            test.values(key).compactMap(UInt64.init).map(RaftID.init(rawValue:))
        }
        snapshot.configuration = ConfigurationState(voters: ids("voters"), learners: ids("learners"))
        snapshot.index = test.values("index").first.flatMap(UInt64.init) ?? 0
        snapshot.data = test.values("content").first.map { Array($0.utf8) } ?? []
        if snapshot != Snapshot() {
            guard snapshot.index > 1 else { return "index must be specified as > 1 due to bootstrap" }
            snapshot.term = 1
        }
        for _ in 0..<(test.numbers.first ?? 0) {
            let id = RaftID(rawValue: UInt64(self.members.count) + 1)
            let configuration = Self.configuration(test, id: id, applied: snapshot.index)
            self.members.append(
                Member(
                    node: RaftNode(configuration, log: StableLog(snapshot: snapshot)),
                    configuration: configuration,
                    isOld: test.values("etcd") == ["3.3"],
                    history: [snapshot]
                )
            )
        }
        return nil
    }

    private static func configuration(
        _ test: DataDrivenCase,
        id: RaftID,
        applied: UInt64
    ) -> RaftConfiguration {
        func isOn(_ key: String) -> Bool { test.values(key) == ["true"] }
        func number(_ key: String) -> UInt64? { test.values(key).first.flatMap(UInt64.init) }
        var configuration = RaftConfiguration(id: id, electionTick: 3)
        configuration.applied = applied
        configuration.maxInflightMessages = number("inflight").map(Int.init) ?? .max
        configuration.maxSizePerMessage = number("max-size-per-message") ?? .max
        configuration.maxCommittedSizePerReady = number("max-committed-size-per-ready") ?? 0
        configuration.maxUncommittedBytes = number("max-uncommitted-bytes") ?? 0
        configuration.asyncStorageWrites = isOn("async-storage-writes")
        configuration.preVote = isOn("prevote")
        configuration.checkQuorum = isOn("checkquorum")
        configuration.disableConfigurationChangeValidation = isOn("disable-conf-change-validation")
        configuration.disableProposalForwarding = isOn("disable-proposal-forwarding")
        configuration.stepDownOnRemoval = isOn("step-down-on-removal")
        configuration.readOnly = test.values("read-only") == ["lease-based"] ? .leaseBased : .safe
        return configuration
    }

    private static func change(_ test: DataDrivenCase) -> ConfigurationChange {
        let changes = ConfigurationChange.Change.parse(test.input.joined(separator: " "))
        if test.values("v1") == ["true"] { return ConfigurationChange(v1: changes[0].kind, changes[0].node) }
        switch test.values("transition").first {
        case "implicit": return ConfigurationChange(changes, transition: .implicit)
        case "explicit": return ConfigurationChange(changes, transition: .explicit)
        default: return ConfigurationChange(changes)
        }
    }

    // MARK: Messages

    private func deliver(_ test: DataDrivenCase) {
        let kind = test.values("type").first
        var count = 0
        for argument in test.arguments {
            if argument.values.isEmpty, let id = UInt64(argument.key) {
                count += self.deliver(to: RaftID(rawValue: id), kind: kind)
            } else if argument.key == "drop" {
                for id in argument.values.compactMap(UInt64.init) {
                    count += self.deliver(to: RaftID(rawValue: id), kind: kind, dropping: true)
                }
            }
        }
        if count == 0 { self.write("no messages") }
    }

    private func sendSnapshot(from: UInt64, to: UInt64) {
        let sender = self.members[self.place(from)]
        let message = Message(
            .snapshot,
            to: RaftID(rawValue: to),
            from: RaftID(rawValue: from),
            term: sender.node.term,
            snapshot: sender.history.last
        )
        self.messages.append(message)
        self.write(message.etcdLines)
    }

    /// Lets the members work until there is nothing left to do.
    private func stabilize(_ ids: [UInt64]) {
        let places = ids.isEmpty ? Array(self.members.indices) : ids.map(self.place)
        var isDone = false
        while !isDone {
            isDone = true
            for place in places where self.members[place].node.hasReady {
                self.write("> \(place + 1) handling Ready")
                self.indented { self.processReady(place) }
                isDone = false
            }
            for place in places {
                let id = self.members[place].node.id
                guard self.messages.contains(where: { $0.to == id }) else { continue }
                self.write("> \(id) receiving messages")
                self.indented { _ = self.deliver(to: id) }
                isDone = false
            }
            for place in places where !self.members[place].appendWork.isEmpty {
                self.write("> \(place + 1) processing append thread")
                self.indented { while self.processAppend(place) == nil {} }
                isDone = false
            }
            for place in places where !self.members[place].applyWork.isEmpty {
                self.write("> \(place + 1) processing apply thread")
                self.indented { while self.processApply(place) == nil {} }
                isDone = false
            }
        }
    }

    // MARK: Tables

    private func writeLog(_ place: Int) {
        let log = self.members[place].node.log
        guard log.lastIndex >= log.firstIndex else {
            self.write("log is empty: first index=\(log.firstIndex), last index=\(log.lastIndex)")
            return
        }
        self.write(log.entries(from: log.firstIndex, to: log.lastIndex + 1).map(\.etcdText))
    }

    private func writeStates() {
        for member in self.members {
            let status = member.node.status
            let group = status.configuration
            let isVoter = group.voters.contains(status.id) || group.votersOutgoing.contains(status.id)
            let state = status.softState
            self.write(
                "\(status.id): \(state.role.etcdText) (\(isVoter ? "Voter" : "Non-Voter")) "
                    + "Term:\(status.hardState.term) Lead:\(state.leader)"
            )
        }
    }
}
