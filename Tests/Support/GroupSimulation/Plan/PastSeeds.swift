/// Seeds that failed once, with what they found; they are run for ever.
///
/// A change of the simulator may make something else of a seed. It stays in the list all the same: one more run.
package enum PastSeeds {
    /// The oldest first.
    package static let all: [UInt64] = [
        // A manager that joined after the first snapshot never caught up: the snapshot did not name it.
        5,
        // A commit index that was written before its entries made a log refuse to open.
        16, 21, 30,
        // A removal that the operator had given up took place.
        34,
        // A member that lagged behind could not answer a leader of which it did not know.
        57,
        // A learner that was removed does not campaign, and never heard of it.
        1233,
        // A leader that removed itself was gone before the other voter knew.
        135,
        // A leader that was removed while it wrote trapped on its own answer.
        186,
        // A vote was answered after a later term had begun.
        398,
        // A leader whose transfer failed was announced while entries of its first part were under way.
        1045,
        // The snapshot for a newcomer could not be stored, and was not tried again, or not without a new entry.
        1676, 102_639, 239_952_043, 239_952_344,
        // A refusal was answered by a leader that had been deposed, on the news of an old commit.
        100_415, 102_739,
        // The store proposed on the head of its first office of a term, and was taken to mean the second.
        201_004,
        // A member that was removed was named again by a late change of its address.
        103_859,
        // A log refused to open whose first segment was gone with the entries that the second one replaced.
        113_976,
        // A member that was removed before it had anything of the log knew nobody to ask.
        979_608_323,
        // A leader that was restarted did not know that its group shrank, and needed the vote of who was removed.
        49_184_327,
        // A member that was removed after all was to be told of by its new address for ever.
        715_788_026,
        // The simulator asked too much: a removed member was needed, or a lost one.
        271, 5641, 100_601, 101_866, 106_352, 110_648, 115_049,
    ]
}
