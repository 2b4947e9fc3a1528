import StoreCore

/// Makes the store's digests beside the store, which goes on applying meanwhile.
struct DigestMaker: Sendable {
    let proposer: any Proposer

    /// Hashes each part, one at a time, and hands the digest to the log, which brings it to the other members.
    @concurrent
    func run(_ parts: AsyncStream<DigestPart>) async {
        var fold = DigestFold()
        for await part in parts {
            if let digest = fold.fold(part) { self.proposer.share(digest, at: part.index) }
        }
    }
}
