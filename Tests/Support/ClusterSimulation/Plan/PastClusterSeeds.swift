/// Seeds of whole clusters that failed once, with what they found; they are run for ever.
///
/// A change of the simulator may make something else of a seed. It stays in the list all the same: one more run.
package enum PastClusterSeeds {
    /// The oldest first.
    package static let all: [UInt64] = [
        // A slot was used again while the task before it still stopped.
        12, 91, 92,
        // A job ran for ever, because the reaper deleted what had completed.
        59, 77, 84,
        // A node that had crashed told of a failure of a job that had completed.
        61,
        // An update ended while one of its tasks was still to start, and the old one was never stopped.
        44,
        // A task was made and stopped in one decision, because another one held its place already.
        45, 48,
        // A new task that starts first was made again and again after it had failed for good.
        10,
        // A new leader did not know of restarts, because what was to be removed had displaced them, or because the
        // first task of another spec was counted.
        22, 26,
        // A job did not wait before it tried again, nor count how often it had.
        214,
        // A task started although the end of the one before, which another change had overtaken, was not decided anew.
        240,
        // A new leader took away tasks of another spec that their own constraints left in peace.
        127, 1111, 1284, 842_986_068,
        // The successor of a drained task was made and stopped in one decision, because an update replaced it at once.
        15_182_063, 15_182_084,
    ]
}
