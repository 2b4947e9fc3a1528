import SwarmRPC
import Testing
import WorkerNode

@testable import swarmd

@Suite struct ManagerListTests {
    @Test func `the own manager is asked first, and last for a certificate`() throws {
        let list = ManagerList([
            NodeState.Manager(nodeID: "a", address: "10.0.0.1:1"),
            NodeState.Manager(nodeID: "b", address: "10.0.0.2:1"),
        ])
        #expect(list.addresses.map(\.description) == ["10.0.0.1:1", "10.0.0.2:1"])
        #expect(list.othersFirst == list.addresses)
        list.own = try ServerAddress("10.0.0.2:1")
        #expect(list.addresses.map(\.description) == ["10.0.0.2:1", "10.0.0.1:1"])
        #expect(list.othersFirst.map(\.description) == ["10.0.0.1:1", "10.0.0.2:1"])
        list.replace(with: [])
        #expect(list.othersFirst.map(\.description) == ["10.0.0.2:1"])
    }
}
