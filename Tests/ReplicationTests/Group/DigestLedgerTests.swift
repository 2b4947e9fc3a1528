import RaftCore
import Replication
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct DigestLedgerTests {
    private static let voters: [RaftID] = [1, 2, 3]
    private let right: StateDigest
    private let wrong: StateDigest

    init() {
        self.right = StateDigest()
        self.wrong = .of(name: "strayed")
    }

    @Test func `equal digests show nothing, whichever comes first`() {
        var ledger = DigestLedger(of: 1)
        let steps: [(UInt64, RaftID)] = [(10, 2), (10, 1), (20, 1), (20, 3)]
        for (index, id) in steps {
            let findings = ledger.note(self.right, at: index, of: id, voters: Self.voters)
            #expect(findings.isEmpty)
        }
    }

    @Test func `digests of different indices are not compared`() {
        var ledger = DigestLedger(of: 1)
        var findings = ledger.note(self.right, at: 10, of: 1, voters: Self.voters)
        findings += ledger.note(self.wrong, at: 20, of: 2, voters: Self.voters)
        findings += ledger.note(self.wrong, at: 20, of: 3, voters: Self.voters)
        #expect(findings.isEmpty)
    }

    @Test func `who differs from most voters is astray`() {
        var ledger = DigestLedger(of: 1)
        let first = ledger.note(self.wrong, at: 10, of: 1, voters: Self.voters)
        let second = ledger.note(self.right, at: 10, of: 2, voters: Self.voters)
        let third = ledger.note(self.right, at: 10, of: 3, voters: Self.voters)
        #expect(first.isEmpty)
        #expect(second == [.differs(2, at: 10, own: self.wrong, theirs: self.right)])
        #expect(third.last == .astray(at: 10, own: self.wrong, group: self.right))
    }

    @Test func `it is found too when the own digest comes last, and by a learner`() {
        for voters in [Self.voters, [2, 3]] {
            var ledger = DigestLedger(of: 1)
            _ = ledger.note(self.right, at: 10, of: 2, voters: voters)
            _ = ledger.note(self.right, at: 10, of: 3, voters: voters)
            let findings = ledger.note(self.wrong, at: 10, of: 1, voters: voters)
            #expect(findings.last == .astray(at: 10, own: self.wrong, group: self.right))
            #expect(findings.count == 3)
        }
    }

    @Test func `those who agree only hear of the one that does not`() {
        var ledger = DigestLedger(of: 1)
        _ = ledger.note(self.right, at: 10, of: 1, voters: Self.voters)
        _ = ledger.note(self.right, at: 10, of: 2, voters: Self.voters)
        let findings = ledger.note(self.wrong, at: 10, of: 3, voters: Self.voters)
        #expect(findings == [.differs(3, at: 10, own: self.right, theirs: self.wrong)])
        let again = ledger.note(self.wrong, at: 10, of: 3, voters: Self.voters)
        #expect(again.isEmpty)
    }

    @Test func `between two, nobody knows whose store is wrong`() {
        var ledger = DigestLedger(of: 1)
        _ = ledger.note(self.right, at: 10, of: 1, voters: [1, 2])
        let findings = ledger.note(self.wrong, at: 10, of: 2, voters: [1, 2])
        #expect(findings == [.differs(2, at: 10, own: self.right, theirs: self.wrong)])
    }

    @Test func `three different ones name no majority`() {
        var ledger = DigestLedger(of: 1)
        _ = ledger.note(self.right, at: 10, of: 1, voters: Self.voters)
        _ = ledger.note(self.wrong, at: 10, of: 2, voters: Self.voters)
        let other = StateDigest.of(name: "another way")
        let findings = ledger.note(other, at: 10, of: 3, voters: Self.voters)
        #expect(findings == [.differs(3, at: 10, own: self.right, theirs: other)])
    }

    @Test func `old digests are forgotten`() {
        var ledger = DigestLedger(of: 1)
        for index in 1...100 as ClosedRange<UInt64> {
            _ = ledger.note(self.right, at: index, of: 1, voters: Self.voters)
        }
        let old = ledger.note(self.wrong, at: 10, of: 2, voters: Self.voters)
        let young = ledger.note(self.wrong, at: 90, of: 2, voters: Self.voters)
        #expect(old.isEmpty && young.count == 1)
    }
}

extension StateDigest {
    /// The digest of a store with one config of this name.
    static func of(name: String) -> StateDigest {
        var state = StoreState()
        let config = SwarmConfig.with {
            $0.id = "c"
            $0.spec.annotations.name = name
        }
        state.carryOut([.create(.config(config))])
        return StateDigest(of: state)
    }
}
