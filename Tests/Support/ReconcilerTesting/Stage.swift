package import Primitives
package import StoreCore
import SwarmAPI

/// A leader's loop in memory: reconcilers, the store that they work on, and a clock that is set by hand.
package struct Stage {
    package private(set) var state = StoreState()
    package private(set) var now = Timestamp(seconds: 1_000_000)
    /// What no sequence of commits may do, as far as it was done.
    package private(set) var violations: [String] = []
    private var reconcilers: [any Reconciler]
    private var generator: SeededGenerator
    private var version: UInt64 = 0
    var names = TaskNames()

    package init(_ reconcilers: [any Reconciler], seed: UInt64 = 1) {
        self.reconcilers = reconcilers
        self.generator = SeededGenerator(seed: seed)
        for index in self.reconcilers.indices { self.reconcilers[index].start(on: self.state, now: self.now) }
    }

    /// Replaces the reconcilers by fresh ones, as a new leader would.
    package mutating func restart(_ reconcilers: [any Reconciler]) {
        self.reconcilers = reconcilers
        for index in self.reconcilers.indices { self.reconcilers[index].start(on: self.state, now: self.now) }
    }

    package mutating func advance(by duration: Duration) { self.now = self.now + duration }

    /// The earliest deadline of the reconcilers.
    package var deadline: Timestamp? { self.reconcilers.compactMap(\.deadline).min() }

    /// Commits what `body` does, and shows it to the reconcilers.
    package mutating func commit(_ body: (inout Transaction) throws -> Void) rethrows {
        self.version += 1
        var transaction = Transaction(on: self.state, version: self.version, now: self.now)
        try body(&transaction)
        guard !transaction.changes.isEmpty else { return }
        self.state = transaction.state
        self.check(transaction.changes)
        let commit = Commit(index: self.version, changes: transaction.changes, state: self.state)
        for index in self.reconcilers.indices { self.reconcilers[index].observe(commit, now: self.now) }
    }

    /// Has each reconciler plan once and commits its edits; returns these, one line each.
    package mutating func plan(while interference: (inout Stage) -> Void = { _ in }) -> [String] {
        var lines: [String] = []
        for index in self.reconcilers.indices {
            let edits = self.reconcilers[index].plan(on: self.state, now: self.now, using: &self.generator)
            lines += edits.map { self.names.describe($0, on: self.state) }
            guard !edits.isEmpty else { continue }
            interference(&self)
            self.commit { _ = $0.apply(edits) }
        }
        return lines
    }

    /// Plans until nothing is left to do now; returns all edits, or nil when that takes more than 100 rounds.
    package mutating func settle() -> [String]? {
        var lines: [String] = []
        for _ in 0..<100 {
            let more = self.plan()
            if more.isEmpty { return lines }
            lines += more
        }
        return nil
    }

    private mutating func check(_ changes: [StoreChange]) {
        for case .update(.task(let new), .task(let old)) in changes {
            let name = self.names.name(of: new, on: self.state)
            if new.status.state.rawValue < old.status.state.rawValue {
                self.violations.append("\(name) fell from \(old.status.state) to \(new.status.state)")
            }
            if new.desiredState.rawValue < old.desiredState.rawValue {
                self.violations.append("\(name) desired fell from \(old.desiredState) to \(new.desiredState)")
            }
            if !old.nodeID.isEmpty, new.nodeID != old.nodeID { self.violations.append("\(name) moved") }
        }
    }
}
