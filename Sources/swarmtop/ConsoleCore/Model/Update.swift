package import Primitives
import SwarmAPI

/// Takes one message at `now` and tells what the surroundings should do.
package func update(_ model: inout Model, _ message: Message, now: Timestamp) -> [Effect] {
    model.now = now
    model.expire()
    switch message {
    case .key(let key): return model.take(key)
    case .resized(let size): model.resize(to: size)
    case .tick: break
    case .painted: model.dialog?.isPainted = true
    case .connecting: if !model.hasData { model.link = .connecting }
    case .listed(let cluster, let nodes, let services, let tasks):
        model.cluster.replace(cluster: cluster, nodes: nodes, services: services, tasks: tasks)
        model.ghost = nil
        if model.isStale { model.say("reconnected", .good) }
        model.hasData = true
        model.link = .live
    case .changed(let events): model.take(events)
    case .status(let status): model.cluster.apply(status)
    case .lost(let reason): model.lose(reason)
    case .finished(let request, let outcome): model.finish(request, outcome)
    case .notice(let text): model.say(text)
    }
    return []
}

extension Model {
    /// Drops what only stays for a while.
    fileprivate mutating func expire() {
        if let flash = self.flash, self.now >= flash.until { self.flash = nil }
        if let ghost = self.ghost, self.now >= ghost.until {
            self.cluster.forget(ghost.id)
            self.ghost = nil
        }
    }

    fileprivate mutating func take(_ events: [SwarmWatchEvent]) {
        let kept = self.page.cursor.id
        for event in events {
            self.cluster.apply(event, kept: kept, now: self.now)
            guard event.action == .watchActionRemove, let kept, event.removes(kept) else { continue }
            if let ghost = self.ghost { self.cluster.forget(ghost.id) }
            self.ghost = (kept, self.now + Self.ghostTime)
        }
    }

    fileprivate mutating func lose(_ reason: String) {
        switch self.link {
        case .connecting: self.link = self.hasData ? .stale(since: self.now, reason: reason) : .connecting
        case .live: self.link = .stale(since: self.now, reason: reason)
        case .stale(let since, _): self.link = .stale(since: since, reason: reason)
        }
        if !self.hasData { self.say(reason, .waiting) }
    }

    fileprivate mutating func finish(_ request: Int, _ outcome: RequestOutcome) {
        guard let dialog = self.dialog, dialog.phase == .sending(request: request) else {
            // The dialog was closed meanwhile: the outcome is still worth a line.
            switch outcome {
            case .done: self.say("done", .good)
            case .conflict: self.say("not done: somebody changed the object first", .bad)
            case .failed(let words): self.say("not done: \(words)", .bad)
            }
            return
        }
        switch outcome {
        case .done:
            self.say("\(dialog.done)", .good)
            self.dialog = nil
        case .conflict(let version, let now): self.dialog?.conflicted(version: version, now: now)
        case .failed(let words):
            self.dialog?.phase = .failed(words)
            self.dialog?.isPainted = false
        }
    }
}

extension Dialog {
    /// What was done, in one line.
    fileprivate var done: String {
        switch self.subject {
        case .scale(let current, let typed, _): "Done: \(self.name) scaled from \(current) to \(typed)"
        case .availability(let current, let wanted):
            "Done: \(self.name) is \(wanted.word) now (was \(current.word))"
        }
    }
}
