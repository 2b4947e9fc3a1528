import Primitives
import StoreCore

/// One who watches the store, and what for.
struct Watcher: Sendable {
    /// Where its commits wait.
    let inbox: Inbox<Commit>
    /// What it wants to hear of.
    let kinds: ObjectKinds

    /// Passes on those of `commits`, all of whose kinds are `present`, that it wants; false when it is gone.
    ///
    /// Who hears of nothing is not woken: on a busy leader that is half the cost of a small commit.
    func put(_ commits: [Commit], of present: ObjectKinds) -> Bool {
        if self.kinds.isSuperset(of: present) { return self.inbox.put(commits) }
        if self.kinds.isDisjoint(with: present) { return true }
        return self.inbox.put(commits.filter { !self.kinds.isDisjoint(with: $0.kinds) })
    }
}
