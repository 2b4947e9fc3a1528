/// How far an order has got: all that decides whether the rest of the history can be placed.
struct Configuration: Sendable {
    /// What configurations must agree in to be compared.
    struct Key: Hashable {
        let moment: Int
        let placed: Bitset
        let state: Int
    }

    /// The first answer that is not explained yet, as an index of the timeline's moments.
    var moment = 0
    /// The operations with known outcomes that are placed though their answers come later.
    var placed = Bitset()
    /// The operations with unknown outcomes that were given an effect.
    var used = Bitset()
    /// The number of the state behind the order; the first state has the number 0.
    var state = 0
    /// The last operation of the order, as an index of the search's trail.
    var trail: Int?
    /// How many operations with known outcomes the order has.
    var length = 0

    var key: Key { Key(moment: self.moment, placed: self.placed, state: self.state) }
}
