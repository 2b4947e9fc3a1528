import Synchronization

/// The data keys of a manager: the one that new files are written with, and those before it, under which files may
/// still be.
///
/// Everything that reads or writes the log's files shares one ring, so that a rotation reaches all of it at once.
package final class DataKeyRing: Sendable {
    /// The keys with the numbers by which files name them, the current one first.
    private let keys: Mutex<[(fingerprint: UInt64, key: DataKey)]>

    /// A ring whose `current` key is for new files; `older` ones open what was written before.
    package init(_ current: DataKey, older: [DataKey] = []) {
        self.keys = Mutex(([current] + older).map { ($0.fingerprint, $0) })
    }

    /// What new files are written with.
    package var current: DataKey { self.keys.withLock { $0[0].key } }

    /// The number by which files name the current key.
    var fingerprint: UInt64 { self.keys.withLock { $0[0].fingerprint } }

    /// Whether there are keys besides the current one.
    package var hasOlder: Bool { self.keys.withLock { $0.count > 1 } }

    /// The key of a file that names it so; nil if it is none of these.
    func key(_ fingerprint: UInt64) -> DataKey? {
        self.keys.withLock { $0.first { $0.fingerprint == fingerprint }?.key }
    }

    /// Makes `key` the current one; the one before still opens what it wrote.
    ///
    /// Whoever calls it has written down the new key where a restart finds it.
    package func begin(_ key: DataKey) {
        let fingerprint = key.fingerprint
        self.keys.withLock { keys in
            keys.removeAll { $0.fingerprint == fingerprint }
            keys.insert((fingerprint, key), at: 0)
        }
    }

    /// Forgets all keys but the current one: nothing is under them any more.
    package func forgetOlder() { self.keys.withLock { $0.removeSubrange(1...) } }
}
