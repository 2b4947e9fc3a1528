import Foundation
import GRDB
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import WorkerNode

@Suite struct TaskDatabaseTests {
    private func status(_ state: SwarmTaskState) -> SwarmTaskStatus { .with { $0.state = state } }

    @Test func `changes are found again after opening`() async throws {
        try await withFolder { folder in
            let path = folder + "/tasks.db"
            do {
                let database = try TaskDatabase(path: path)
                var changes = TaskDatabase.Changes()
                changes.assigned = [.make("b"), .make("a"), .make("c")]
                try await database.save(changes)
                try await database.save(statuses: [
                    "a": self.status(.running), "stranger": self.status(.failed),
                ])
                changes = TaskDatabase.Changes()
                changes.withdrawn = ["b"]
                changes.forgotten = ["c"]
                try await database.save(changes)
            }
            let records = try await TaskDatabase(path: path).load()
            #expect(records.map(\.task) == [.make("a"), .make("b")])
            #expect(records.map(\.isAssigned) == [true, false])
            #expect(records.map(\.status) == [self.status(.running), nil])
        }
    }

    @Test func `a task that is assigned again after it was forgotten has no old status`() async throws {
        try await withFolder { folder in
            let database = try TaskDatabase(path: folder + "/tasks.db")
            var changes = TaskDatabase.Changes()
            changes.assigned = [.make("a")]
            try await database.save(changes)
            try await database.save(statuses: ["a": self.status(.complete)])
            changes.forgotten = ["a"]
            try await database.save(changes)
            let records = try await database.load()
            #expect(records == [.init(task: .make("a"), isAssigned: true, status: nil)])
        }
    }

    @Test func `what is written is on the disk`() async throws {
        try await withFolder { folder in
            let path = folder + "/tasks.db"
            let database = try TaskDatabase(path: path)
            #expect(try await database.synchronousLevel() == 2)
            let mode = try await DatabaseQueue(path: path).read {
                try String.fetchOne($0, sql: "PRAGMA journal_mode")
            }
            #expect(mode == "wal")
            let permissions =
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(permissions == 0o600)
        }
    }

    @Test func `a newer format is refused and left alone`() async throws {
        try await withFolder { folder in
            let path = folder + "/tasks.db"
            try await DatabaseQueue(path: path).writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA user_version = 2")
            }
            #expect(throws: TaskDatabaseError.newerFormat(path: path, found: 2)) {
                _ = try TaskDatabase(path: path)
            }
            let found = try await DatabaseQueue(path: path).read {
                try Int.fetchOne($0, sql: "PRAGMA user_version")
            }
            #expect(found == 2)
        }
    }
}
