import Glibc
import Synchronization

/// The system's randomness, fetched in portions that all threads share.
///
/// For identifiers and the like, where each question to the system would cost more than all else. Not for keys
/// and secrets: what is fetched ahead lies in memory.
package struct PooledRandomness: RandomNumberGenerator, Sendable {
    /// What the system gives at a time (`getentropy`).
    private static let portion = 256 / MemoryLayout<UInt64>.size
    private static let pool = Mutex<[UInt64]>([])

    package init() {}

    package mutating func next() -> UInt64 {
        Self.pool.withLock { pool in
            if let word = pool.popLast() { return word }
            pool = [UInt64](unsafeUninitializedCapacity: Self.portion) { words, count in
                let result = getentropy(words.baseAddress, Self.portion * MemoryLayout<UInt64>.size)
                precondition(result == 0, "no random bytes (errno \(errno))")
                count = Self.portion
            }
            return pool.removeLast()
        }
    }
}
