import RaftCore
import Replication
import SwarmAPI
import SwiftProtobuf
import Testing

struct PeerAddressesTests {
    private func member(_ id: UInt64, _ address: String) -> SwarmRaftMember {
        .with {
            $0.raftID = id
            $0.addr = address
        }
    }

    @Test func `what a member says counts until the group names another place`() {
        var addresses = PeerAddresses(of: 1)
        addresses.list([self.member(1, "a"), self.member(2, "b")])
        #expect(addresses[1] == nil && addresses[2] == "b")
        let isNews = addresses.learn(2, at: "c")
        let isNewsAgain = addresses.learn(2, at: "c")
        #expect(isNews && !isNewsAgain && addresses[2] == "c")
        addresses.list([self.member(2, "b"), self.member(3, "x")])
        #expect(addresses[2] == "c")
        addresses.list([self.member(2, "d"), self.member(3, "x")])
        #expect(addresses[2] == "d")
    }

    @Test func `somebody new is known until the group says otherwise`() {
        var addresses = PeerAddresses(of: 1)
        addresses.list([self.member(2, "b")])
        let isNews = addresses.learn(9, at: "z")
        #expect(isNews && addresses[9] == "z")
        addresses.list([self.member(2, "b")])
        #expect(addresses[9] == nil)
    }

    @Test func `nobody learns of itself, and only of so many strangers`() {
        var addresses = PeerAddresses(of: 1)
        addresses.list([self.member(2, "b")])
        for id in 1...100 as ClosedRange<UInt64> { _ = addresses.learn(RaftID(rawValue: id), at: "z") }
        let known = (1...100 as ClosedRange<UInt64>).filter { addresses[RaftID(rawValue: $0)] != nil }
        #expect(known.count == 17 && !known.contains(1))
        let isNews = addresses.learn(2, at: "")
        #expect(!isNews && addresses[2] == "z")
    }
}
