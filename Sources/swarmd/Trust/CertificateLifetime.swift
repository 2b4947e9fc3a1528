package import Primitives

/// From when until when certificates are valid, and when they are renewed (SwarmKit `ca/config.go`,
/// `ca/certificates.go`).
package enum CertificateLifetime {
    /// How long a root certificate is valid.
    package static let root = Duration.seconds(630_720_000)
    /// How long a node's is unless the cluster says otherwise.
    package static let node = Duration.seconds(7_776_000)
    /// The shortest that the cluster may say.
    package static let shortestNode = Duration.seconds(3_600)
    /// How long before now a root begins, for clocks that are behind.
    private static let rootBackdating = Duration.seconds(300)
    /// How long before now a node's certificate begins.
    private static let nodeBackdating = Duration.seconds(3_600)
    /// The part of its life after which a certificate may be renewed, and by which it should be.
    private static let renewal = 0.5..<0.8

    /// The validity of a root that is made at `now`.
    package static func ofRoot(at now: Timestamp) -> Range<Timestamp> {
        let start = now.roundedToMinute + (.zero - Self.rootBackdating)
        return start..<(start + Self.root)
    }

    /// The validity of a node's certificate that is signed at `now`; an `expiry` that is too short counts as none.
    package static func ofNode(at now: Timestamp, expiry: Duration) -> Range<Timestamp> {
        let expiry = expiry < Self.shortestNode ? Self.node : expiry
        let start = now.roundedToMinute + (.zero - Self.nodeBackdating)
        return start..<(start + expiry + Self.nodeBackdating)
    }

    /// A minute of the certificate's life, drawn so that the nodes of a cluster do not all come at once.
    package static func renewal(
        of validity: Range<Timestamp>,
        using generator: inout some RandomNumberGenerator
    ) -> Timestamp {
        let minutes = (validity.upperBound - validity.lowerBound) / .seconds(60)
        let (first, end) = (Int(minutes * Self.renewal.lowerBound), Int(minutes * Self.renewal.upperBound))
        let minute = first < end ? Int.random(in: first..<end, using: &generator) : first
        return validity.lowerBound + .seconds(60 * minute)
    }
}

extension Timestamp {
    /// The nearest whole minute, the later one from the middle on.
    fileprivate var roundedToMinute: Self {
        let minute: Int64 = 60_000_000_000
        return Self(nanoseconds: (self.nanoseconds + minute / 2) / minute * minute)
    }
}
