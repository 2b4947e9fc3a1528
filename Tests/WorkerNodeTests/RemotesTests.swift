import Primitives
import SwarmRPC
import Testing

@testable import WorkerNode

@Suite struct RemotesTests {
    private func addresses(_ texts: String...) throws -> [ServerAddress] {
        try texts.map { try ServerAddress($0) }
    }

    @Test func `managers that fail are asked after those that don't`() throws {
        let all = try self.addresses("a:1", "b:1", "c:1")
        var remotes = Remotes(all)
        var dice = SeededGenerator(seed: 1)
        remotes.observe(all[0], wasOpen: false)
        remotes.observe(all[2], wasOpen: false)
        for _ in 0..<20 { #expect(remotes.pick(using: &dice) == all[1]) }
    }

    @Test func `a manager that ended its session comes after the others, but before those that fail`()
        throws
    {
        let all = try self.addresses("a:1", "b:1", "c:1")
        var remotes = Remotes(all)
        var dice = SeededGenerator(seed: 1)
        for _ in 0..<2 { remotes.observe(all[0], wasOpen: false) }
        remotes.observe(all[0], wasOpen: true)
        for _ in 0..<20 { #expect(remotes.pick(using: &dice) != all[0]) }
        for _ in 0..<2 { remotes.observe(all[1], wasOpen: false) }
        for _ in 0..<2 { remotes.observe(all[2], wasOpen: false) }
        for _ in 0..<20 { #expect(remotes.pick(using: &dice) == all[0]) }
    }

    @Test func `when all fail all are asked again`() throws {
        let all = try self.addresses("a:1", "b:1")
        var remotes = Remotes(all)
        var dice = SeededGenerator(seed: 1)
        for address in all {
            for _ in 0..<Remotes.failureLimit { remotes.observe(address, wasOpen: false) }
        }
        #expect(Set((0..<50).map { _ in remotes.pick(using: &dice) }) == Set(all))
    }

    @Test func `managers that a session doesn't name are forgotten`() throws {
        var remotes = Remotes(try self.addresses("a:1", "b:1"))
        remotes.replace(with: try self.addresses("b:1", "c:1"))
        #expect(remotes.addresses.map(\.description) == ["b:1", "c:1"])
        remotes.replace(with: [])
        #expect(remotes.addresses.map(\.description) == ["b:1", "c:1"])
    }

    @Test func `without managers there is none to pick`() {
        var dice = SeededGenerator(seed: 1)
        #expect(Remotes([]).pick(using: &dice) == nil)
    }
}
