import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ConsoleCore

@Suite struct ElectionTests {
    private static func changes(_ changes: [(term: UInt64, event: String, at: Int64)]) -> [SwarmdRaftElection]
    {
        changes.map { change in
            .with {
                $0.term = change.term
                $0.event = change.event
                $0.at = Timestamp(nanoseconds: change.at * 1_000_000).protobuf
            }
        }
    }

    private static func moment(_ milliseconds: Int64) -> Timestamp {
        Timestamp(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func `an election is told from when the leader was missed to when there is one again`() {
        let elections = Election.all(
            in: Self.changes([
                (2, "follower of a1", 0), (2, "follower, no leader", 1000), (3, "pre-candidate", 1010),
                (3, "candidate", 1020), (3, "leader", 1094),
            ]),
            own: 0xb2
        )
        #expect(
            elections == [
                Election(term: 2, at: Self.moment(0), leader: 0xa1),
                Election(
                    term: 3,
                    at: Self.moment(1094),
                    leader: 0xb2,
                    before: 0xa1,
                    gap: .milliseconds(94)
                ),
            ]
        )
    }

    @Test func `an election that is not over has no leader yet`() {
        let elections = Election.all(
            in: Self.changes([(2, "leader", 0), (3, "follower, no leader", 500)]),
            own: 0xb2
        )
        #expect(elections.last == Election(term: 3, at: Self.moment(500), leader: nil, before: 0xb2))
    }

    @Test func `a follower that hears of the next leader at once missed none`() {
        let elections = Election.all(
            in: Self.changes([
                (2, "follower of a1", 0), (3, "follower of c3", 500), (3, "follower of c3", 600),
            ]),
            own: 0xb2
        )
        #expect(elections.map(\.leader) == [0xa1, 0xc3])
        #expect(elections.last?.gap == .zero)
    }

    @Test(arguments: [
        (Duration.milliseconds(94), "94 ms"), (.milliseconds(1349), "1.3 s"), (.seconds(21), "21 s"),
    ])
    func `a gap is told in two or three figures`(gap: Duration, text: String) {
        #expect(Ages.gap(gap) == text)
    }
}
