import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import TerminalTesting
import Testing

/// The console's Raft tab on a manager that does not lead, through the loss of the one that does.
@Suite(.serialized) struct RaftTabTests {
    /// A member's row of the tab.
    private struct Row: Equatable {
        let role: String
        let state: String
        let match: UInt64
        let next: UInt64
        let lag: UInt64
        let contact: String

        /// The row of `name` on the screen; nil while it has no figures.
        init?(of name: String, on screen: TerminalScreen) {
            let words = screen.lines.lazy.map { $0.split(separator: " ").filter { $0 != ">" } }
                .first { $0.first == name[...] || $0.first == "\(name)*" }
            guard let words, words.count >= 7, let match = UInt64(words[3]), let next = UInt64(words[4]),
                let lag = UInt64(words[5].filter { $0 != "!" })
            else { return nil }
            (self.role, self.state, self.contact) = (String(words[1]), String(words[2]), String(words[6]))
            (self.match, self.next, self.lag) = (match, next, lag)
        }
    }

    /// Writes small configs until it is cancelled or a write fails.
    private static func load(on socket: String, prefix: String) async throws {
        try await ControlClient.withConnection(to: socket) { client in
            for number in 0..<100_000 {
                try Task.checkCancellation()
                _ = try await client.control.createConfig(
                    .with {
                        $0.spec.annotations.name = "\(prefix)\(number)"
                        $0.spec.data = Data("x".utf8)
                    }
                )
                try await ContinuousClock().sleep(for: .milliseconds(10))
            }
        }
    }

    /// Writes to the manager at `socket` while `body` runs.
    private static func whileWriting(
        on socket: String,
        prefix: String,
        _ body: () async throws -> Void
    ) async throws {
        // Cancelled where its scope ends.
        async let _: Void = Self.load(on: socket, prefix: prefix)
        try await body()
    }

    @Test func `a follower's console shows the members live, before, during and after a failover`()
        async throws
    {
        try await LocalSwarm.runGroup { swarm in
            let old = try await swarm.leader()
            let followers = LocalSwarm.managers.filter { $0 != old }
            try await swarm.withConsole(of: followers[0]) { terminal in
                try await terminal.waitUntilLive()
                terminal.type("4")
                try await self.expectFigures(terminal, leader: old, followers: followers)
                try await self.expectCalm(terminal)
                try await self.expectMovement(terminal, swarm, leader: old, followers: followers)
                let new = try await self.expectFailover(terminal, swarm, from: old, followers: followers)

                // What it misses, it has to catch up with.
                try await Self.whileWriting(on: swarm.socket(of: new), prefix: "missed") {
                    try await ContinuousClock().sleep(for: .seconds(1))
                }
                try swarm.restart(old)
                let others = LocalSwarm.managers.filter { $0 != new }
                try await self.expectFigures(terminal, leader: new, followers: others)
                try await self.expectMovement(terminal, swarm, leader: new, followers: others)
            }
        }
    }

    /// Every member has its figures, and nobody lags.
    private func expectFigures(
        _ terminal: PseudoTerminal,
        leader: String,
        followers: [String]
    ) async throws {
        try await terminal.wait(for: "figures of all members", within: .seconds(20)) { screen in
            guard let row = Row(of: leader, on: screen), row.role == "LEADER", row.next == row.match + 1
            else {
                return false
            }
            return followers.allSatisfy { name in
                guard let row = Row(of: name, on: screen) else { return false }
                return row.role == "follower" && row.state == "replicate" && row.lag == 0
                    && row.next == row.match + 1 && ["0s", "1s"].contains(row.contact)
            }
        }
    }

    /// While nothing happens, next to nothing is written, though contacts are renewed all the time.
    private func expectCalm(_ terminal: PseudoTerminal) async throws {
        let (time, limit) = (5, 60)
        let before = terminal.byteCount
        try await ContinuousClock().sleep(for: .seconds(time))
        let written = terminal.byteCount - before
        FileHandle.standardError.write(Data("raft tab: \(written) bytes in \(time) idle seconds\n".utf8))
        #expect(written <= time * limit)
    }

    /// Under load the figures of all members move, and the console says so without a key.
    private func expectMovement(
        _ terminal: PseudoTerminal,
        _ swarm: LocalSwarm,
        leader: String,
        followers: [String]
    ) async throws {
        let before = terminal.screen
        let prefix = "load\(UInt32.random(in: 0 ... .max))-"
        try await Self.whileWriting(on: swarm.socket(of: leader), prefix: prefix) {
            try await terminal.wait(for: "every member's figures to move", within: .seconds(10)) { screen in
                ([leader] + followers).allSatisfy { name in
                    guard let old = Row(of: name, on: before), let new = Row(of: name, on: screen) else {
                        return false
                    }
                    return new.match >= old.match + 20 && new.next > new.match
                }
            }
        }
    }

    /// Kills the leader; the console shows who leads now, who is lost, and how long nobody led.
    ///
    /// Returns the new leader.
    private func expectFailover(
        _ terminal: PseudoTerminal,
        _ swarm: LocalSwarm,
        from old: String,
        followers: [String]
    ) async throws -> String {
        func leader(_ screen: TerminalScreen) -> String? {
            followers.first { Row(of: $0, on: screen)?.role == "LEADER" }
        }
        func isOver(_ screen: TerminalScreen) -> Bool {
            guard let new = leader(screen), screen.lines[0].contains("leader \(new)") else { return false }
            let isLost = screen.lines.contains { $0.contains(" \(old) ") && $0.contains(" lost ") }
            let isTold = screen.lines.contains {
                $0.contains("\(new) leads after \(old), ") && $0.contains("s without a leader")
            }
            return isLost && isTold
        }
        let killed = ContinuousClock.now
        swarm.kill(old)
        try await terminal.wait(
            for: "the new leader, and the old one lost",
            within: .seconds(15),
            until: isOver
        )
        let moment = try #require(terminal.moment(when: isOver))
        let text = "raft tab: the failover was on the screen after \(moment - killed)\n"
        FileHandle.standardError.write(Data(text.utf8))
        // 2 s is what is promised; the machine of a test is shared.
        #expect(moment - killed < .seconds(4))
        return try #require(leader(terminal.screen))
    }
}
