import SwarmRPC
import Testing
import Trust
import WorkerNode

@testable import swarmd

@Suite struct ManagerListTests {
    private let list = ManagerList([
        NodeState.Manager(nodeID: "a", address: "10.0.0.1:1"),
        NodeState.Manager(nodeID: "b", address: "10.0.0.2:1"),
        NodeState.Manager(nodeID: "c", address: "10.0.0.3:1"),
    ])

    @Test func `the own manager is the first of all`() throws {
        #expect(self.list.addresses.map(\.host) == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
        self.list.own = try ServerAddress("10.0.0.2:1")
        #expect(self.list.addresses.map(\.host) == ["10.0.0.2", "10.0.0.1", "10.0.0.3"])
        self.list.replace(with: [])
        #expect(self.list.addresses.map(\.host) == ["10.0.0.2"])
    }

    @Test func `a certificate is asked of whoever spoke last`() throws {
        #expect(self.list.authorities(toBe: nil) == self.list.addresses)
        self.list.hear(from: try ServerAddress("10.0.0.3:1"))
        #expect(self.list.authorities(toBe: .worker).map(\.host) == ["10.0.0.3", "10.0.0.1", "10.0.0.2"])
        self.list.own = try ServerAddress("10.0.0.2:1")
        #expect(self.list.authorities(toBe: .manager).map(\.host) == ["10.0.0.3", "10.0.0.2", "10.0.0.1"])
    }

    @Test func `a manager that is to be a worker asks the others first`() throws {
        self.list.own = try ServerAddress("10.0.0.2:1")
        self.list.hear(from: try ServerAddress("10.0.0.2:1"))
        #expect(self.list.authorities(toBe: .manager).map(\.host) == ["10.0.0.2", "10.0.0.1", "10.0.0.3"])
        #expect(self.list.authorities(toBe: .worker).map(\.host) == ["10.0.0.1", "10.0.0.3", "10.0.0.2"])
        self.list.replace(with: [])
        #expect(self.list.authorities(toBe: .worker).map(\.host) == ["10.0.0.2"])
    }
}
