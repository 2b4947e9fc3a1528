import Primitives

/// What is shown while the screen stands still.
struct Frozen: Sendable {
    var cluster: ClusterState
    var since: Timestamp
}

/// Standing still, and locking.
extension Model {
    /// Ages are counted on: the cluster is shown as it is now.
    var isMoving: Bool { !self.isStale && self.frozen == nil }

    /// `p` and `Z`: the screen stands still, or goes on; what happens meanwhile is taken in either way.
    mutating func freeze() {
        if self.frozen == nil {
            self.frozen = Frozen(cluster: self.live, since: self.now)
        } else {
            self.frozen = nil
        }
        self.move(by: 0)
    }

    /// `L`: no changes until it is pressed again; a console that was started read-only stays so.
    mutating func lock() {
        if self.readOnly { return self.say(self.strings.startedReadOnly, .muted) }
        self.isLocked.toggle()
        self.say(self.isLocked ? self.strings.lockedNow : self.strings.unlockedNow, .muted)
    }
}
