import BenchSupport
import ControlClient
package import Foundation
import Glibc
package import NetworkLab
import SwarmAPI
import Synchronization

/// A group of managers, each a process on a machine of a lab; operators' sockets are outside of it.
package final class LabGroup: Sendable {
    /// What keeps a group from being tried.
    package enum Failure: Error, CustomStringConvertible {
        /// A manager ended by itself.
        case ended(Int, lastWords: String)
        /// Something did not come in time.
        case gaveUp(String)

        package var description: String {
            switch self {
            case .ended(let member, let words): "manager \(member) ended:\n\(words)"
            case .gaveUp(let waitingFor): "gave up waiting until \(waitingFor)"
            }
        }
    }

    /// How long anything that should come soon may take.
    static let patience = Duration.seconds(30)
    private static let port = 4242

    /// The network that they share.
    package let lab: NetworkLab
    /// Where operators reach each.
    package let sockets: [String]
    private let folder: URL
    private let swarmd: URL
    /// Nil while a manager is not running.
    private let daemons: Mutex<[Daemon?]>

    private init(_ lab: NetworkLab, members: Int, swarmd: URL, in folder: URL) {
        self.lab = lab
        self.swarmd = swarmd
        self.folder = folder
        self.sockets = (0..<members).map { folder.appending(path: "m\($0).sock").path }
        self.daemons = Mutex(Array(repeating: nil, count: members))
    }

    /// Starts a group of `members`, runs `body` when all of them vote, and removes everything but `folder`.
    package static func with<Value>(
        members: Int,
        swarmd: URL,
        in folder: URL,
        _ body: (LabGroup) async throws -> Value
    ) async throws -> Value {
        try await NetworkLab.with(machines: members) { lab in
            let group = LabGroup(lab, members: members, swarmd: swarmd, in: folder)
            defer { group.end() }
            for member in 0..<members {
                try group.start(member)
                _ = try await group.leader(of: member + 1)
            }
            return try await body(group)
        }
    }

    /// Waits until the members agree on who leads and all of them vote and answer; returns who leads.
    package func settle() async throws -> Int { try await self.leader(of: self.sockets.count) }

    /// Ends a manager with `signal`, and returns when its process is gone.
    package func end(_ member: Int, _ signal: Int32) async throws {
        guard let daemon = self.daemons.withLock({ $0[member] }) else { return }
        daemon.signal(signal)
        while daemon.isRunning { try await ContinuousClock().sleep(for: .milliseconds(1)) }
        self.daemons.withLock { $0[member] = nil }
    }

    /// Starts a manager, which goes on where it was.
    package func start(_ member: Int) throws {
        let beginning = member == 0 ? ["--init"] : ["--join", "\(NetworkLab.address(0)):\(Self.port)"]
        var command =
            [self.swarmd.path, "run"] + beginning + [
                "--listen-addr", "\(NetworkLab.address(member)):\(Self.port)",
                "--socket", self.sockets[member], "--hostname", "m\(member)", "--executor", "simulated",
                "--state-dir", self.folder.appending(path: "m\(member)").path,
            ]
        // The first time it needs a token; later it is in the group.
        if member > 0, !FileManager.default.fileExists(atPath: self.folder.appending(path: "m\(member)").path)
        {
            let token = try JoinTokens.token(of: "manager", swarmd: self.swarmd, socket: self.sockets[0])
            command += ["--token", token]
        }
        let log = self.folder.appending(path: "m\(member).log")
        let daemon = try Daemon(self.lab.command(command, on: member), log: log)
        self.daemons.withLock { $0[member] = daemon }
    }

    private func end() {
        let daemons = self.daemons.withLock { $0.compactMap(\.self) }
        // All at once: a last member without a majority would wait for one.
        for daemon in daemons { daemon.signal(SIGTERM) }
        for daemon in daemons { daemon.end() }
    }

    private func leader(of count: Int) async throws -> Int {
        var leader: Int?
        try await Self.wait("\(count) managers vote and know their leader") {
            for (member, daemon) in self.daemons.withLock({ $0 }).enumerated() {
                if let daemon, !daemon.isRunning {
                    throw Failure.ended(member, lastWords: daemon.lastWords)
                }
            }
            leader = await self.agreed(count)
            return leader != nil
        }
        guard let leader else { throw Failure.gaveUp("there is a leader") }
        return leader
    }

    /// The leader that the first `count` members agree on, if all of them are the group.
    private func agreed(_ count: Int) async -> Int? {
        var leaders: Set<String> = []
        var nodes: [String] = []
        for socket in self.sockets.prefix(count) {
            let answer = try? await ControlClient.withConnection(to: socket) { try await $0.status() }
            guard let status = answer ?? nil, !status.raft.leaderID.isEmpty else { return nil }
            leaders.insert(status.raft.leaderID)
            nodes.append(status.nodeID)
            guard status.raft.leaderID == status.nodeID else { continue }
            let voters = status.raft.members.count { !$0.learner && ($0.reachable || $0.leader) }
            guard voters == count else { return nil }
        }
        guard leaders.count == 1, let leader = leaders.first else { return nil }
        return nodes.firstIndex(of: leader)
    }

    /// Looks again and again until `condition` holds.
    static func wait(
        _ what: String,
        every interval: Duration = .milliseconds(25),
        until condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if try await condition() { return }
            try await ContinuousClock().sleep(for: interval)
        }
        throw Failure.gaveUp(what)
    }
}
