import Foundation
import GRDB
package import SwarmAPI
import SwiftProtobuf

/// What the worker knows of its tasks, on the disk: so they go on when the daemon or the manager doesn't.
///
/// SQLite in WAL mode with `synchronous=FULL` (architecture D8). Many changes go into one transaction, and
/// work is done on GRDB's own queue, so callers suspend instead of blocking (SwarmKit `agent/storage.go`).
package struct TaskDatabase: Sendable {
    /// A task as it was found at the start.
    package struct Record: Sendable, Equatable {
        package var task: SwarmTask
        /// False when the task was withdrawn, and only waits for its removal.
        package var isAssigned: Bool
        /// The newest status that this node observed.
        package var status: SwarmTaskStatus?
    }

    /// Changes that are made together: first what is forgotten, then what is assigned and withdrawn.
    package struct Changes: Sendable {
        /// New tasks and new versions, which are assigned.
        package var assigned: [SwarmTask] = []
        /// Tasks that are to be removed.
        package var withdrawn: [String] = []
        /// Tasks that left no trace.
        package var forgotten: [String] = []

        package init() {}

        /// True when there is nothing to write.
        package var isEmpty: Bool {
            self.assigned.isEmpty && self.withdrawn.isEmpty && self.forgotten.isEmpty
        }
    }

    /// The format that this version writes, and the newest that it reads.
    package static let format = 1

    private let queue: DatabaseQueue

    /// Opens the database at `path` and brings it to this version's format; blocks for the disk.
    package init(path: String) throws {
        var configuration = Configuration()
        configuration.journalMode = .wal
        self.queue = try DatabaseQueue(path: path, configuration: configuration)
        try self.queue.writeWithoutTransaction { database in
            // GRDB sets NORMAL while it opens a WAL database, so FULL must come after.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
            precondition(level == 2, "PRAGMA synchronous is \(level as Int?) instead of 2 (FULL)")
        }
        try self.queue.write { try Self.migrate($0, path: path) }
        // Tasks carry environment variables, which are nobody else's business.
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private static func migrate(_ database: Database, path: String) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= Self.format else { throw TaskDatabaseError.newerFormat(path: path, found: found) }
        guard found < Self.format else { return }
        try database.execute(
            sql: """
                CREATE TABLE task (id TEXT PRIMARY KEY NOT NULL, data BLOB NOT NULL, assigned INTEGER NOT NULL);
                CREATE TABLE status (id TEXT PRIMARY KEY NOT NULL, data BLOB NOT NULL) WITHOUT ROWID;
                PRAGMA user_version = \(Self.format);
                """
        )
    }

    /// All tasks, in the order of their ids.
    package func load() async throws -> [Record] {
        try await self.queue.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT task.data, task.assigned, status.data FROM task LEFT JOIN status USING (id)
                    ORDER BY task.id
                    """
            ).map { row in
                let status: Data? = row[2]
                return try Record(
                    task: SwarmTask(serializedBytes: row[0] as Data),
                    isAssigned: row[1],
                    status: status.map { try SwarmTaskStatus(serializedBytes: $0) }
                )
            }
        }
    }

    /// Makes `changes` in one transaction; they are on the disk when this returns.
    package func save(_ changes: Changes) async throws {
        try await self.queue.write { database in
            for table in ["task", "status"] {
                let forget = try database.cachedStatement(sql: "DELETE FROM \(table) WHERE id = ?")
                for id in changes.forgotten { try forget.execute(arguments: [id]) }
            }
            let assign = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO task (id, data, assigned) VALUES (?, ?, 1)"
            )
            for task in changes.assigned {
                try assign.execute(arguments: [task.id, task.serializedBytes() as Data])
            }
            let withdraw = try database.cachedStatement(sql: "UPDATE task SET assigned = 0 WHERE id = ?")
            for id in changes.withdrawn { try withdraw.execute(arguments: [id]) }
        }
    }

    /// Keeps the newest statuses of tasks that the database knows, in one transaction.
    package func save(statuses: [String: SwarmTaskStatus]) async throws {
        try await self.queue.write { database in
            let save = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO status (id, data)
                    SELECT id, ? FROM task WHERE id = ?
                    """
            )
            for (id, status) in statuses.sorted(by: { $0.key < $1.key }) {
                try save.execute(arguments: [status.serializedBytes() as Data, id])
            }
        }
    }

    /// The level of `PRAGMA synchronous`, for tests: 2 is FULL.
    func synchronousLevel() async throws -> Int? {
        try await self.queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    }
}

/// Why the task database can't be used.
package enum TaskDatabaseError: Error, Equatable, CustomStringConvertible {
    case newerFormat(path: String, found: Int)

    /// One line for the operator.
    package var description: String {
        switch self {
        case .newerFormat(let path, let found):
            "\(path) has format \(found), newer than \(TaskDatabase.format): it needs a newer swarmd."
        }
    }
}
