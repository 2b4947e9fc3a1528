import ControlClient
import Foundation
import Glibc
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Testing
import Trust

/// swarmtop's dialogs about trust in a real terminal (tmux), on three real managers.
@Suite(.serialized) struct TrustStoryTests {
    /// Ctrl-X, which accepts what was confirmed by a name.
    private static let accept = "C-x"

    @Test func `an operator shows tokens, locks managers, replaces the root, demotes and promotes`()
        async throws
    {
        try await LocalSwarm.runGroup { swarm in
            let leader = try await swarm.leader()
            let follower = try #require(LocalSwarm.managers.last { $0 != leader && $0 != "manager" })
            let terminal = TmuxTerminal(swarm: swarm)
            try terminal.open(columns: 130, rows: 34)
            defer { terminal.close() }
            try await terminal.waitFor("LIVE")
            try terminal.type("9")
            try await terminal.waitFor("Root CA", "autolock off", "refused since this manager started")
            try await swarm.withClient { client in
                try await Self.showTokens(terminal, client)
                try await Self.lock(terminal, client)
                try await Self.rotate(terminal, client, without: follower, of: swarm)
                try await Self.demote(follower, terminal, client, swarm)
                try await Self.promote(follower, terminal, client, swarm)
            }
            try terminal.type("q")
        }
    }

    /// A token is masked until it is asked for, and a new one replaces it.
    private static func showTokens(_ terminal: TmuxTerminal, _ client: ControlClient) async throws {
        let old = try await client.cluster().rootCa.joinTokens
        try terminal.type("K")
        try await terminal.waitFor("Tokens and lock", "w: show", "m: show")
        #expect(try !terminal.screen().contains("SWMTKN"))
        try terminal.type("w")
        try await terminal.waitFor("swarmd join --token \(old.worker)")
        #expect(try !terminal.screen().contains(old.manager))
        try terminal.type("m")
        try await terminal.waitFor("swarmd join --token \(old.manager)")
        try terminal.type("W")
        try await terminal.waitFor("The worker token that is out there stops working.", "y: make a new token")
        #expect(try await client.cluster().rootCa.joinTokens == old)
        try terminal.type("y")
        try await terminal.waitForEnd(of: old.manager)
        let new = try await client.cluster().rootCa.joinTokens
        #expect(new.worker != old.worker && new.manager == old.manager)
        try await terminal.waitFor("swarmd join --token \(new.worker)")
        try terminal.type("Escape")
        try await terminal.waitForEnd(of: "SWMTKN")
    }

    /// Managers are locked and the key is shown once; and they are opened again.
    private static func lock(_ terminal: TmuxTerminal, _ client: ControlClient) async throws {
        try terminal.type("K")
        try await terminal.waitFor("autolock is off: managers start by themselves")
        try terminal.type("a")
        try await terminal.waitFor("one that starts again waits for swarmd unlock", "y: lock managers")
        #expect(try await client.unlockKey().isEmpty)
        try terminal.type("y")
        try await terminal.waitFor("Note it down now", "autolock is on")
        let key = try #require(UnlockKey(bytes: try await client.unlockKey()))
        #expect(try terminal.screen().contains(key.text))
        try terminal.type("Escape")
        try await terminal.waitForEnd(of: "SWMKEY")
        try await terminal.waitFor("autolock on")
        try terminal.type("K")
        try await terminal.waitFor("u: show")
        try terminal.type("a")
        try await terminal.waitFor("y: unlock managers for good")
        try terminal.type("y")
        try await terminal.waitFor("autolock is off")
        #expect(try await client.unlockKey().isEmpty)
        try terminal.type("Escape")
        try await terminal.waitFor("autolock off")
    }

    /// The root is replaced after its name was typed; meanwhile `name` stands still, so that there is a progress to see.
    private static func rotate(
        _ terminal: TmuxTerminal,
        _ client: ControlClient,
        without name: String,
        of swarm: LocalSwarm
    ) async throws {
        let pid = try #require(swarm.daemons[name]?.process?.processIdentifier)
        let old = try await client.cluster().rootCa
        try terminal.type("R")
        try await terminal.waitFor("Rotate root CA", "3 nodes get a new certificate", "Join tokens change")
        // Nothing but the name and the key after it accepts.
        try terminal.type("y")
        try terminal.type("BSpace")
        let word = try await client.cluster().spec.annotations.name
        try await terminal.waitFor("Type \(word) to go on")
        kill(pid, SIGSTOP)
        defer { kill(pid, SIGCONT) }
        try terminal.type(word)
        try await terminal.waitFor("[ \(word)")
        #expect(try await client.cluster().rootCa == old)
        try terminal.type(Self.accept)
        try await terminal.waitFor("ROTATION 2/3 [", "waits for 1", "OLD", "current")
        try terminal.resize(columns: 80, rows: 24)
        try await terminal.tell("rotation", "quorum 2/3", "ROTATION 2/3 [", "CA rotation 2/3")
        try terminal.resize(columns: 130, rows: 34)
        kill(pid, SIGCONT)
        try await terminal.waitForEnd(of: "ROTATION", within: 30)
        try await terminal.waitForEnd(of: "OLD")
        let new = try await client.cluster().rootCa
        #expect(new.caCert != old.caCert && new.joinTokens.worker != old.joinTokens.worker)
        #expect(!new.hasRootRotation)
    }

    /// A manager becomes a worker once its name was typed, since then no further one may be lost.
    private static func demote(
        _ name: String,
        _ terminal: TmuxTerminal,
        _ client: ControlClient,
        _ swarm: LocalSwarm
    ) async throws {
        try terminal.type("/", name, "Enter")
        try terminal.type("M")
        try await terminal.waitFor(
            "Demote \(name)",
            "3 managers, can lose 1 -> 2, can lose 0",
            "WARN  afterwards none of the managers may be lost.",
            "Type \(name) to go on"
        )
        try terminal.type(name)
        try await terminal.waitFor("[ \(name)")
        #expect(try await client.node(named: name).spec.desiredRole == .manager)
        try terminal.type(Self.accept)
        try await terminal.waitFor("quorum 2/2 (can lose 0)")
        try await swarm.waitUntil("\(name) is a worker", within: 15) {
            let node = try await client.node(named: name)
            return node.role == .worker && node.certificate.status.state == .issued
        }
        // Its agent has told the managers that are left where it is.
        try await terminal.waitFor(" worker ", "\(name) ready")
    }

    /// A worker becomes a manager at a key, and once more where the node was changed meanwhile.
    private static func promote(
        _ name: String,
        _ terminal: TmuxTerminal,
        _ client: ControlClient,
        _ swarm: LocalSwarm
    ) async throws {
        try terminal.type("P")
        try await terminal.waitFor(
            "Promote \(name)",
            "2 managers, can lose 0 -> 3, can lose 1",
            "A new manager gets the log first"
        )
        try terminal.type("y")
        try await swarm.waitUntil("\(name) is a manager", within: 30) {
            let screen = try terminal.screen()
            // It may still have been saying that it has the certificate of a worker.
            if screen.contains("Press y to go on.") { try terminal.type("y") }
            return screen.contains("quorum 3/3 (can lose 1)")
        }
        let node = try await client.node(named: name)
        #expect(node.role == .manager && node.managerStatus.reachability == .reachable)
    }
}
