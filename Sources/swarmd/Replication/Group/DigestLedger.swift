package import RaftCore
package import StoreCore

/// What the members' stores amount to, as far as they said, and what follows when they disagree.
///
/// Pure. Digests of one index are compared as soon as both are known, whichever comes first. What most voters
/// have is right: no store strays twice in the same way by accident.
package struct DigestLedger: Sendable {
    /// Something is wrong with a store.
    package enum Finding: Sendable, Equatable {
        /// Most voters agree on another digest than this member's: this member's store is the wrong one.
        case astray(at: UInt64, own: StateDigest, group: StateDigest)
        /// Another member has another digest; whose store is wrong is not known, or it is the other one's.
        case differs(RaftID, at: UInt64, own: StateDigest, theirs: StateDigest)
    }

    /// Digests that are kept of each member: enough for one that replays its log.
    private static let kept = 32
    /// Members whose digests are kept.
    private static let members = 16

    private struct Page: Sendable {
        let index: UInt64
        let digest: StateDigest
    }

    private let member: RaftID
    /// The newest index at which another member's store was found to be the same; 0 if there was none yet.
    package private(set) var agreed: UInt64 = 0
    /// The newest digests of each member, this one among them, in the order in which they came.
    private var pages: [RaftID: [Page]] = [:]

    /// An empty ledger of `member`.
    package init(of member: RaftID) { self.member = member }

    /// The member `id`, which may be this one, has `digest` at `index`; returns what that shows.
    ///
    /// What was said before shows nothing new.
    package mutating func note(
        _ digest: StateDigest,
        at index: UInt64,
        of id: RaftID,
        voters: [RaftID]
    ) -> [Finding] {
        guard self.digest(of: id, at: index) != digest else { return [] }
        self.put(Page(index: index, digest: digest), of: id)
        guard let own = self.digest(of: self.member, at: index) else { return [] }
        let others = (id == self.member ? self.pages.keys.sorted() : [id]).filter { $0 != self.member }
        var findings: [Finding] = []
        for other in others {
            guard let theirs = self.digest(of: other, at: index) else { continue }
            if theirs == own {
                self.agreed = max(self.agreed, index)
            } else {
                findings.append(.differs(other, at: index, own: own, theirs: theirs))
            }
        }
        if !findings.isEmpty, let group = self.majority(of: voters, at: index), group != own {
            findings.append(.astray(at: index, own: own, group: group))
        }
        return findings
    }

    /// The digest that more than half of the voters have at `index`.
    private func majority(of voters: [RaftID], at index: UInt64) -> StateDigest? {
        var counts: [StateDigest: Int] = [:]
        for voter in voters {
            if let digest = self.digest(of: voter, at: index) { counts[digest, default: 0] += 1 }
        }
        return counts.first { $0.value > voters.count / 2 }?.key
    }

    private func digest(of id: RaftID, at index: UInt64) -> StateDigest? {
        self.pages[id]?.last { $0.index == index }?.digest
    }

    private mutating func put(_ page: Page, of id: RaftID) {
        if self.pages[id] == nil, self.pages.count == Self.members {
            // Members come and go; the own pages stay.
            guard let oldest = self.pages.keys.filter({ $0 != self.member }).min() else { return }
            self.pages[oldest] = nil
        }
        self.pages[id, default: []].removeAll { $0.index == page.index }
        self.pages[id, default: []].append(page)
        if self.pages[id, default: []].count > Self.kept { self.pages[id]?.removeFirst() }
    }
}
