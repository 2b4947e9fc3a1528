import BenchSupport
import Foundation
import Glibc
import Synchronization

/// The members of one system that run as processes on this machine.
final class MemberGroup: Sendable {
    /// What keeps a group from being measured.
    enum Failure: Error, CustomStringConvertible {
        case ended(System, lastWords: String)
        case notReady(System, members: Int)

        var description: String {
            switch self {
            case .ended(let system, let words): "a member of \(system) ended:\n\(words)"
            case .notReady(let system, let members): "\(members) members of \(system) did not become a group"
            }
        }
    }

    /// How long a group may take until it has a leader and all of its voters.
    private static let patience = Duration.seconds(60)

    let system: System
    let endpoints: [Endpoint]
    private let recipes: [MemberRecipe]
    private let daemons: Mutex<[Daemon]>

    private init(_ system: System, _ recipes: [MemberRecipe]) {
        self.system = system
        self.endpoints = recipes.map(\.endpoint)
        self.recipes = recipes
        self.daemons = Mutex([])
    }

    /// Starts the members, runs `body` when all of them vote, and ends them.
    static func with<Value>(
        _ system: System,
        _ recipes: [MemberRecipe],
        _ body: (MemberGroup) async throws -> Value
    ) async throws -> Value {
        let group = MemberGroup(system, recipes)
        defer { group.end() }
        try await group.start()
        return try await body(group)
    }

    /// Starts a group of `members` of each system, runs `body` when all are ready, and ends them.
    static func withEach<Value>(
        _ systems: [System],
        members: Int,
        swarmd: URL,
        in folder: URL,
        _ body: ([MemberGroup]) async throws -> Value
    ) async throws -> Value {
        guard let system = systems.last else { return try await body([]) }
        let own = folder.appending(path: system.rawValue)
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        let recipes = try system.recipes(members, swarmd: swarmd, in: own)
        return try await Self.withEach(systems.dropLast(), members: members, swarmd: swarmd, in: folder) {
            others in
            try await Self.with(system, recipes) { group in try await body(others + [group]) }
        }
    }

    /// Starts the members.
    ///
    /// Managers come one by one, since each is taken in by those before; etcd's know each other from the start.
    private func start() async throws {
        for (number, recipe) in self.recipes.enumerated() {
            let daemon = try recipe.start()
            self.daemons.withLock { $0.append(daemon) }
            if self.system == .swarmd || number == self.recipes.count - 1 { _ = try await self.settle() }
        }
    }

    private func end() {
        let daemons = self.daemons.withLock { $0 }
        // All at once: a last member without a majority would wait for one.
        for daemon in daemons { daemon.signal(SIGTERM) }
        for daemon in daemons { daemon.end() }
    }

    /// Runs `body` with one more member, and ends that.
    static func withMember<Value>(
        _ recipe: MemberRecipe,
        _ body: (Daemon) async throws -> Value
    ) async throws -> Value {
        let daemon = try recipe.start()
        defer { daemon.end() }
        return try await body(daemon)
    }

    /// The process of a member.
    func daemon(_ member: Int) -> Daemon { self.daemons.withLock { $0[member] } }

    /// Starts a member that ended.
    func restart(_ member: Int) throws {
        let daemon = try self.recipes[member].restart()
        self.daemons.withLock { $0[member] = daemon }
    }

    /// Waits until the members that were started have a leader and all vote; returns who leads.
    func settle() async throws -> Int {
        let daemons = self.daemons.withLock { $0 }
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            for daemon in daemons where !daemon.isRunning {
                throw Failure.ended(self.system, lastWords: daemon.lastWords)
            }
            if let leader = await self.leader(of: daemons.count) { return leader }
            try await ContinuousClock().sleep(for: .milliseconds(50))
        }
        throw Failure.notReady(self.system, members: daemons.count)
    }

    /// The leader of the first `count` members, if they agree that all of them are the group.
    private func leader(of count: Int) async -> Int? {
        var leaders: [Int] = []
        for (number, endpoint) in self.endpoints.prefix(count).enumerated() {
            let status = try? await Connection.with(endpoint) { try await $0[0].status() }
            guard let status, status.hasLeader else { return nil }
            guard status.leads else { continue }
            guard (status.voters ?? count) == count else { return nil }
            leaders.append(number)
        }
        return leaders.count == 1 ? leaders[0] : nil
    }
}
