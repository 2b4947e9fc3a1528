import StoreCore

/// An entry under way: what its commit will do, kept so that nothing is decoded or computed twice.
struct Proposal<Waiter: Sendable>: Sendable {
    /// The request's id, by which the entry is recognised when it comes back.
    let id: UInt64
    let index: UInt64
    let changes: [StoreChange]
    let bytes: Int
    /// Who waits for it: its writer, and writers who found nothing left to change.
    var waiters: [Waiter]
}

/// The store after the last transaction proposed, and where the next entry goes.
///
/// Transactions change it in place; it shares with the committed state what neither has changed since.
struct SpeculativeHead: Sendable {
    var state: StoreState
    /// The index that the next entry will have, if nobody but the store proposes in between.
    var next: UInt64

    /// The version that the next transaction gives its objects.
    ///
    /// SwarmKit gives the commit index at the transaction's start; with entries in flight, the index just
    /// before the entry's own is the same number and still grows from transaction to transaction.
    var version: UInt64 { self.next - 1 }

    /// Lends the state to a transaction, or takes it back.
    mutating func trade(with transaction: inout Transaction) { transaction.trade(&self.state) }
}
