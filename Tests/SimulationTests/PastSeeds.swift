/// Seeds that failed once, with what they found; they are run for ever.
///
/// A change of the simulator may make something else of a seed. It stays in the list all the same: one more run.
enum PastSeeds {
    static let all: [UInt64] = [
        // A manager that joined after the first snapshot never caught up: the snapshot did not name it.
        5,
        // A commit index that was written before its entries made a log refuse to open.
        16, 21, 30,
        // A removal that the operator had given up took place.
        34,
        // A member that lagged behind could not answer a leader of which it did not know.
        57,
        // A leader that removed itself was gone before the other voter knew.
        135,
        // A leader that was removed while it wrote trapped on its own answer.
        186,
        // A vote was answered after a later term had begun.
        398,
        // A leader whose transfer failed was announced while entries of its first part were under way.
        1045,
        // The snapshot for a newcomer could not be stored, and was not tried again.
        1676, 239_952_043, 239_952_344,
    ]
}
