import StoreCore
import SwarmAPI

/// A watch request, compiled once: which changes the watcher gets, and in what form.
///
/// A change is sent once, whichever entries ask for it. An update is judged by the object as it is after
/// the change (SwarmKit `api/storeobject.go`).
struct WatchMatcher: Sendable {
    private struct Entry: Sendable {
        let kind: ObjectKind
        let resourceKind: String?
        let actions: Int
        let selectors: [WatchSelector]
    }

    private let entries: [Entry]
    private let includesOldObject: Bool

    init(_ request: SwarmWatchRequest) throws(WatchRequestError) {
        var entries: [Entry] = []
        for entry in request.entries { entries.append(try Self.compile(entry)) }
        self.entries = entries
        self.includesOldObject = request.includeOldObject
    }

    /// The events of one commit that the watcher asked for, in the order of the transaction.
    func events(of commit: Commit) -> [SwarmWatchMessage.Event] {
        commit.changes.compactMap(self.event)
    }

    /// The event of one change; nil where nobody asked for it.
    func event(of change: StoreChange) -> SwarmWatchMessage.Event? {
        let action = change.watchAction
        let value = change.value
        let kind = value.kind
        let isWanted = self.entries.contains { entry in
            entry.kind == kind && entry.actions & action.rawValue != 0
                && (entry.resourceKind.map { value.resourceKind == $0 } ?? true)
                && entry.selectors.allSatisfy { $0.matches(value) }
        }
        guard isWanted else { return nil }
        var event = SwarmWatchMessage.Event()
        event.action = action
        event.object = SwarmObject(value.redacted)
        if self.includesOldObject, case .update(_, let old) = change {
            event.oldObject = SwarmObject(old.redacted)
        }
        return event
    }

    private static func compile(
        _ entry: SwarmWatchRequest.WatchEntry
    ) throws(WatchRequestError) -> Entry {
        guard !entry.kind.isEmpty else { throw .noKind }
        let known = ObjectKind(rawValue: entry.kind).flatMap { $0 == .resource ? nil : $0 }
        let kind = known ?? .resource
        let actions = entry.action.rawValue
        guard actions & SwarmWatchActionKind.all != 0 else { throw .unrecognizedAction(actions) }
        var selectors: [WatchSelector] = []
        var facts: Set<WatchSelector.Fact> = []
        for filter in entry.filters {
            let selector = try WatchSelector(filter, kind: kind, kindName: entry.kind)
            for fact in selector.facts where !facts.insert(fact).inserted {
                throw .conflictingFilters(fact.rawValue)
            }
            selectors.append(selector)
        }
        return Entry(
            kind: kind,
            resourceKind: known == nil ? entry.kind : nil,
            actions: actions,
            selectors: selectors
        )
    }
}

extension SwarmWatchActionKind {
    /// The bits of all actions: on the wire the field is a set.
    fileprivate static var all: Int {
        Self.watchActionCreate.rawValue | Self.watchActionUpdate.rawValue
            | Self.watchActionRemove.rawValue
    }
}

extension StoreChange {
    fileprivate var watchAction: SwarmWatchActionKind {
        switch self {
        case .create: .watchActionCreate
        case .update: .watchActionUpdate
        case .remove: .watchActionRemove
        }
    }
}
