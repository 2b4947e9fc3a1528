import ControlClient
import Foundation
import Glibc
import SwarmAPI
import Testing

/// What operators see of the managers in swarmtop (tmux); `docs/console.md` tells the same stories.
@Suite(.serialized) struct GroupStoryTests {
    @Test func `an operator makes managers of two workers, and lets one of them lead`() async throws {
        try await LocalSwarm.run(executor: "simulated", workers: 2) { swarm, client in
            let terminal = TmuxTerminal(swarm: swarm)
            try terminal.open()
            defer { terminal.close() }
            try await terminal.waitFor("LIVE")
            try terminal.type("1", "Down", "Space", "Down", "Space")
            try await terminal.waitFor(" + worker-1", ">+ worker-2")
            try terminal.type("P")
            try await terminal.tell(
                "promote",
                "Promote worker-1 and worker-2",
                "1 manager, can lose 0 -> 3, can lose 1",
                "y: promote"
            )
            try terminal.type("y")
            try await terminal.waitFor("quorum 3/3 (can lose 1)", within: 30)
            try terminal.type("4", "End")
            try await terminal.waitFor(">  worker-2", "1 more may be lost", within: 30)
            #expect(try await client.node(named: "worker-2").role == .manager)
            try terminal.type("T")
            try await terminal.tell(
                "transfer",
                "Make leader: worker-2",
                "manager leads now",
                "worker-2 will in the next."
            )
            try terminal.type("y")
            try await terminal.tell(
                "transferred",
                "OK  quorum 3/3",
                "nodes 3/3",
                "leader worker-2",
                "worker-2 leads after manager",
                "follower  replicate",
                "LIVE",
                within: 30
            )
            #expect(try await swarm.raft(asking: "worker-1").leaderID == swarm.nodeID(of: "worker-2"))
            try terminal.type("q")
        }
    }

    @Test func `an operator sees the leader die, and another one take over`() async throws {
        try await LocalSwarm.runGroup { swarm in
            let leader = try await swarm.leader()
            let followers = LocalSwarm.managers.filter { $0 != leader }
            try await swarm.withClient(of: leader) { client in
                try await LocalSwarm.create("web", replicas: 3, with: client)
            }
            let terminal = TmuxTerminal(swarm: swarm)
            try terminal.open(of: followers[0])
            defer { terminal.close() }
            try await terminal.waitFor("LIVE", "quorum 3/3", "leader \(leader)", "3/3  R3")

            // As long as the third one sleeps, nobody can be elected.
            let other = try #require(swarm.daemons[followers[1]]?.process?.processIdentifier)
            kill(other, SIGSTOP)
            defer { kill(other, SIGCONT) }
            swarm.kill(leader)
            try await terminal.tell("no-leader", "NO QUORUM 1/3", "leader none", "web", "3/3  R3")
            kill(other, SIGCONT)

            try await terminal.waitFor("quorum 2/3 (can lose 0)", "leader manager", "LIVE", "web")
            try terminal.type("4")
            try await terminal.tell(
                "failover",
                "leads after \(leader), ",
                "without a leader",
                "lost",
                "follower  replicate",
                "=> NO QUORUM",
                "LIVE"
            )
            try swarm.restart(leader)
            try await terminal.waitFor("quorum 3/3 (can lose 1)", "LIVE", within: 30)
            try terminal.type("q")
        }
    }
}
