/// A part of a list of edits that fits one entry of the log.
package struct EditBatch: Sendable {
    /// The serialized entry; empty when every edit was dropped.
    package let entry: [UInt8]
    /// How many edits other writers had overtaken.
    package let dropped: Int
}

/// Cuts a reconciler's edits into entries of the log (SwarmKit `store/memory.go`, `Batch`).
///
/// Edits stay in order. Each part is a transaction of its own: a reader may see the first without the rest,
/// as it may in SwarmKit.
package struct EditBatches: Sendable {
    private var rest: ArraySlice<StoreEdit>
    private let changes: Int

    /// An entry takes at most `changes` changes, and `EntryLimits.bytes` bytes.
    package init(_ edits: [StoreEdit], changes: Int = EntryLimits.changes) {
        precondition(1...EntryLimits.changes ~= changes, "batches of \(changes) changes")
        self.rest = edits[...]
        self.changes = changes
    }

    /// Whether nothing is left.
    package var isEmpty: Bool { self.rest.isEmpty }

    /// Carries out the next part in `transaction`, which did nothing yet; the entry gets `id`.
    ///
    /// Fails only when a single edit is larger than an entry may be; the transaction has done nothing then.
    package mutating func next(
        in transaction: inout Transaction,
        id: UInt64
    ) throws(EntryError) -> EditBatch {
        var size = min(self.changes, self.rest.count)
        while true {
            let dropped = transaction.apply(self.rest.prefix(size))
            do throws(EntryError) {
                let changes = transaction.changes
                let entry = changes.isEmpty ? [] : try StoreEntry.encode(changes, id: id)
                self.rest = self.rest.dropFirst(size)
                return EditBatch(entry: entry, dropped: dropped)
            } catch {
                transaction.undo()
                if size == 1 { throw error }
                size /= 2
            }
        }
    }
}
