import Primitives
import Testing
import Trust

@Suite struct CertificateLifetimeTests {
    /// 2026-11-23T05:33:31Z.
    private static let now = Timestamp(seconds: 1_795_412_011)

    @Test func `a root begins five minutes ago and lasts for twenty years`() {
        let validity = CertificateLifetime.ofRoot(at: Self.now)
        #expect(validity.lowerBound == Timestamp(seconds: 1_795_412_040 - 300))
        #expect(validity.upperBound - validity.lowerBound == .seconds(630_720_000))
    }

    @Test(arguments: [
        (7_776_000, 7_776_000), (3_600, 3_600), (3_599, 7_776_000), (0, 7_776_000), (-1, 7_776_000),
    ])
    func `a node's begins an hour ago and ends at its expiry`(expiry: Int, expected: Int) {
        let validity = CertificateLifetime.ofNode(at: Self.now, expiry: .seconds(expiry))
        #expect(validity.lowerBound == Timestamp(seconds: 1_795_412_040 - 3_600))
        #expect(validity.upperBound == Timestamp(seconds: 1_795_412_040 + Int64(expected)))
    }

    @Test func `moments are rounded to the nearest minute, the middle up`() {
        let minute = Timestamp(seconds: 1_795_411_980)
        func start(_ seconds: Int64) -> Timestamp {
            CertificateLifetime.ofRoot(at: minute + .seconds(seconds)).lowerBound + .seconds(300)
        }
        #expect(start(0) == minute)
        #expect(start(29) == minute)
        #expect(start(30) == minute + .seconds(60))
    }

    @Test func `renewals fall into the third quarter or so of a life, and not on one moment`() {
        var generator = SeededGenerator(seed: 1)
        let validity = CertificateLifetime.ofNode(at: Self.now, expiry: .seconds(7_776_000))
        let life = validity.upperBound - validity.lowerBound
        let moments = (0..<1_000).map { _ in CertificateLifetime.renewal(of: validity, using: &generator) }
        let parts = moments.map { ($0 - validity.lowerBound) / life }
        #expect(parts.allSatisfy { (0.5..<0.8).contains($0) })
        #expect(parts.contains { $0 < 0.55 } && parts.contains { $0 > 0.75 })
        #expect(moments.allSatisfy { ($0 - validity.lowerBound).components.seconds.isMultiple(of: 60) })
    }

    @Test func `a life of a minute is renewed at its beginning`() {
        var generator = SeededGenerator(seed: 1)
        let validity = Self.now..<(Self.now + .seconds(60))
        #expect(CertificateLifetime.renewal(of: validity, using: &generator) == Self.now)
    }
}
