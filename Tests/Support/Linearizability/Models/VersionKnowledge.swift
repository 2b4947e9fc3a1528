/// What is known of an object's version from the answers so far.
package enum VersionKnowledge: Hashable, Sendable {
    /// It was told, and nobody else writes.
    case exactly(UInt64)
    /// A write whose answer is lost made it greater than this, and it is none of the others, which are
    /// sorted.
    case above(UInt64, not: [UInt64])
    /// It was told, but others may have made it greater since.
    case atLeast(UInt64)

    /// A number that the version is not below.
    package var floor: UInt64 {
        switch self {
        case .exactly(let version), .above(let version, _), .atLeast(let version): version
        }
    }

    /// Whether the version may be `version`.
    package func allows(_ version: UInt64) -> Bool {
        switch self {
        case .exactly(let known): version == known
        case .above(let least, let others): version > least && !others.contains(version)
        case .atLeast(let least): version >= least
        }
    }

    /// Whether the version is greater than `version`, and will be.
    package func isPast(_ version: UInt64) -> Bool {
        switch self {
        case .exactly(let known), .atLeast(let known): version < known
        case .above(let least, _): version <= least
        }
    }

    /// What is known after an answer that the version is not `version`; nil if it surely is.
    ///
    /// Where others write, it may be `version` later, so that nothing new is known.
    package func excluding(_ version: UInt64, othersWrite: Bool) -> Self? {
        switch self {
        case .exactly(let known): return version == known ? nil : self
        case .atLeast: return self
        case .above(let least, let others):
            guard !othersWrite, self.allows(version) else { return self }
            return .above(least, not: (others + [version]).sorted())
        }
    }
}
