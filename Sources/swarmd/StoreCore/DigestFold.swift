/// The digest of a store that is followed part by part.
///
/// Pure. Each object that was touched is hashed as it was and as it is, however often it changed in between.
package struct DigestFold: Sendable {
    private var digest = StateDigest()
    /// Where the last part was; nil before the first one.
    private var index: UInt64?

    /// Begins without a state.
    package init() {}

    /// Goes on to `part`; returns its digest, or nil when the part it follows is missing.
    package mutating func fold(_ part: DigestPart) -> StateDigest? {
        switch part.basis {
        case .whole(let state): self.digest = StateDigest(of: state)
        case .since(self.index, let touched):
            for object in touched.objects.values {
                object.old.map { self.digest.remove($0.object) }
                object.new.map { self.digest.add($0.object) }
            }
        case .since: return nil
        }
        self.index = part.index
        return self.digest
    }
}
