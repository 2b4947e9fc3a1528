import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

extension TrustLab {
    /// What came of the writes of all managers.
    struct Writes: Sendable {
        var names: [String] = []
        var refusals: [String] = []
        /// The longest that one took.
        var longest = Duration.zero
    }

    /// What the writers share with who started them.
    private final class Record: Sendable {
        private let state = Mutex((writes: Writes(), isOver: false))

        var writes: Writes { self.state.withLock { $0.writes } }
        var isOver: Bool { self.state.withLock { $0.isOver } }

        func end() { self.state.withLock { $0.isOver = true } }

        func add(_ name: String, _ took: Duration, _ failure: String?) {
            self.state.withLock {
                if let failure {
                    $0.writes.refusals.append("\(name): \(failure)")
                } else {
                    $0.writes.names.append(name)
                }
                $0.writes.longest = max($0.writes.longest, took)
            }
        }
    }

    /// Writes by way of each manager, without a second try, while `body` runs.
    func whileWriting(_ body: () async throws -> Void) async throws -> Writes {
        let record = Record()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for manager in 0..<self.managers {
                group.addTask { try await self.write(by: manager, to: record) }
            }
            do { try await body() } catch {
                record.end()
                throw error
            }
            record.end()
            try await group.waitForAll()
        }
        return record.writes
    }

    /// Writes by way of one manager, one thing after the other, until the record ends.
    private func write(by manager: Int, to record: Record) async throws {
        try await self.client(manager) { client in
            var number = 0
            while !record.isOver {
                let name = "w\(manager)-\(number)"
                let (took, failure) = await Self.write(name, with: client)
                record.add(name, took, failure)
                number += 1
                try await ContinuousClock().sleep(for: .milliseconds(10))
            }
        }
    }

    /// Writes once; returns how long that took, and why it was refused if it was.
    private static func write(_ name: String, with client: ControlClient) async -> (Duration, String?) {
        let start = ContinuousClock.now
        do {
            let request = SwarmCreateConfigRequest.with {
                $0.spec.annotations.name = name
                $0.spec.data = Data("x".utf8)
            }
            _ = try await client.control.createConfig(request, options: ControlClient.requestOptions)
            return (ContinuousClock.now - start, nil)
        } catch {
            return (ContinuousClock.now - start, "\(error)")
        }
    }

    /// The names of the configs that a manager has.
    func configNames(on manager: Int) async throws -> Set<String> {
        try await self.client(manager) { client in
            let answer = try await client.control.listConfigs(.init(), options: ControlClient.requestOptions)
            return Set(answer.configs.map(\.spec.annotations.name))
        }
    }
}
