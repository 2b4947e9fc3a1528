package import Primitives
import SwarmAPI

/// Takes one message at `now` and tells what the surroundings should do.
package func update(_ model: inout Model, _ message: Message, now: Timestamp) -> [Effect] {
    model.now = now
    model.expire()
    let effects = model.hear(message)
    model.noteSeen()
    model.refreshDialog()
    model.remember()
    return effects
}

extension Model {
    fileprivate mutating func hear(_ message: Message) -> [Effect] {
        switch message {
        case .key(let key): return self.take(key)
        case .resized(let size): self.resize(to: size)
        case .tick: break
        case .painted:
            self.dialog?.isPainted = true
            return self.askPreview()
        case .connecting: if !self.hasData { self.link = .connecting }
        case .listed(let cluster, let nodes, let services, let tasks, let networks, let secrets, let configs):
            let changes = self.live.replace(
                ClusterState.Parts(
                    cluster: cluster,
                    nodes: nodes,
                    services: services,
                    tasks: tasks,
                    networks: networks,
                    secrets: secrets,
                    configs: configs
                ),
                now: self.now
            )
            self.ghost = nil
            if self.isStale { self.say(self.strings.reconnected(changes), .good) }
            self.hasData = true
            self.hasNoPreviews = false
            self.link = .live
            // What is shown in full may have changed while nobody told of it.
            return self.fetchObject() + self.resumeLogs()
        case .changed(let events): self.take(events)
        case .status(let status): self.live.apply(status, now: self.now)
        case .lost(let reason): self.lose(reason)
        case .logs(let stream, let entries): self.take(logs: entries, of: stream)
        case .logsEnded(let stream, let reason): self.end(logs: stream, reason)
        case .finished(let request, let outcome):
            if let effects = self.editable(request, outcome) { return effects }
            self.finish(request, outcome)
        case .previewed(let number, let outcome): self.take(preview: number, outcome)
        case .edited(let request, let text, let failure): self.edited(request, text, failure)
        case .notice(let text): self.say(text)
        }
        return []
    }
}

extension Model {
    /// Drops what only stays for a while.
    fileprivate mutating func expire() {
        if let flash = self.flash, self.now >= flash.until { self.flash = nil }
        if let undo = self.undo, self.now >= undo.until { self.undo = nil }
        if let ghost = self.ghost, self.now >= ghost.until {
            self.live.forget(ghost.id)
            self.ghost = nil
        }
    }

    fileprivate mutating func take(_ events: [SwarmWatchEvent]) {
        let kept = self.page.cursor.id
        for event in events {
            self.live.apply(event, kept: kept, now: self.now)
            self.follow(inspected: event)
            guard event.action == .watchActionRemove, let kept, event.removes(kept) else { continue }
            if let ghost = self.ghost { self.live.forget(ghost.id) }
            self.ghost = (kept, self.now + Self.ghostTime)
        }
    }

    fileprivate mutating func lose(_ reason: String) {
        switch self.link {
        case .connecting: self.link = self.hasData ? .stale(since: self.now, reason: reason) : .connecting
        case .live: self.link = .stale(since: self.now, reason: reason)
        case .stale(let since, _): self.link = .stale(since: since, reason: reason)
        }
        if !self.hasData {
            let advice = self.strings.advice(Standing(refusal: reason), columns: self.size.columns)
            self.say(advice ?? reason, advice == nil ? .waiting : .bad)
        }
    }

    fileprivate mutating func finish(_ request: Int, _ outcome: RequestOutcome) {
        let strings = self.strings
        if self.fetched(request, outcome) || self.inspected(request, outcome) { return }
        guard let dialog = self.dialog, dialog.phase == .sending(request: request) else {
            // The dialog was closed meanwhile: the outcome is still worth a line.
            switch outcome {
            case .done, .keys, .object: self.say(strings.doneLate, .good)
            case .conflict: self.say(strings.conflictLate, .bad)
            case .failed(let words): self.say(strings.failedLate(words), .bad)
            case .partly(let done, let words): self.say(strings.partlyLate(done, words), .bad)
            }
            return
        }
        switch outcome {
        case .done, .object:
            self.undo = Undo.change(of: dialog).map { Undo(change: $0, until: self.now + Undo.time) }
            self.say(dialog.done(strings) + (self.undo == nil ? "" : strings.undoOffer), .good)
            self.page.marks = []
            self.dialog = nil
        case .keys(let keys, let version):
            self.say(dialog.done(strings), .good)
            self.dialog?.changed(to: keys, version: version)
        case .conflict(let version, let now):
            self.dialog?.conflicted(version: version, now: now, strings)
        case .failed(let words):
            self.dialog?.phase = .failed(words)
            self.dialog?.isPainted = false
        case .partly(let done, let words):
            self.dialog?.drop(done)
            if let made = self.dialog?.undone, !made.isEmpty {
                self.undo = Undo(change: .several(made), until: self.now + Undo.time)
            }
            self.dialog?.phase = .failed(strings.failed(words, after: done))
            self.dialog?.isPainted = false
        }
    }

    /// Takes the answer to a dialog's wish to show secrets; returns whether it was one.
    ///
    /// For a dialog that is closed the secrets are dropped at once.
    private mutating func fetched(_ request: Int, _ outcome: RequestOutcome) -> Bool {
        guard self.fetches.remove(request) != nil else { return false }
        guard case .keys(var question)? = self.dialog?.subject, question.fetching == request else {
            return true
        }
        switch outcome {
        case .keys(let keys, _): question.take(keys)
        case .failed(let words):
            question.fetching = nil
            self.dialog?.phase = .failed(words)
        case .done, .conflict, .object, .partly: question.fetching = nil
        }
        self.dialog?.subject = .keys(question)
        return true
    }
}

extension Dialog {
    /// What was done, in one line.
    fileprivate func done(_ strings: Strings) -> String {
        guard self.more.isEmpty else {
            let names = self.names(strings)
            return self.isTakingBack ? strings.objectsAsBefore(names) : strings.objectsChanged(names)
        }
        switch self.subject {
        case .scale(let question):
            return strings.scaled(self.name, from: question.current, to: question.typed)
        case .availability(let question):
            return strings.isNow(self.name, question.wanted.word, was: question.current.word)
        case .role(let question):
            return strings.askedToBecome(
                question.names(strings),
                manager: question.kind == .promote,
                isOne: question.targets.count == 1
            )
        case .plain(let question): return strings.done(question.kind, self.name)
        case .edit: return strings.hasNewSpec(self.name)
        case .rotation: return strings.rotationBegan
        case .keys(let question): return strings.done(question.change)
        }
    }

    /// The change of the cluster's keys was made: the dialog stays and shows what is new.
    fileprivate mutating func changed(to keys: ClusterKeys, version: UInt64) {
        guard case .keys(var question) = self.subject else { return }
        question.changed(to: keys)
        self.subject = .keys(question)
        self.version = version
        self.phase = .asking
        self.isPainted = false
    }
}
