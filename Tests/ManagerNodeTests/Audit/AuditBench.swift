import Foundation
import Logging
import Primitives
import SwarmAPI
import SwiftProtobuf

@testable import ManagerNode

/// A directory of records that is gone afterwards.
struct AuditBench: Sendable {
    let directory: String

    /// Runs `body` with a directory that does not exist yet.
    static func run(_ body: (AuditBench) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(AuditBench(directory: folder.path))
    }

    /// Opens the records and runs `body` while they are brought to the disk.
    func open<Result: Sendable>(
        _ limits: AuditLimits = AuditLimits(),
        on disk: AuditDisk = .system,
        _ body: @escaping @Sendable (AuditLog) async throws -> Result
    ) async throws -> Result {
        let log = AuditLog(
            AuditFiles(directory: self.directory, disk: disk),
            limits: limits,
            now: { Timestamp(seconds: 1_700_000_000) },
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Optional<Result>.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                await log.run()
                return nil
            }
            group.addTask { try await body(log) }
            guard let result = try await group.next() ?? nil else { throw CancellationError() }
            return result
        }
    }

    /// Writes records of the services `names`, each to the disk.
    func write(_ names: [String], _ limits: AuditLimits = AuditLimits()) async throws {
        try await self.open(limits) { log in
            for name in names {
                _ = try log.begin(.with { $0.object = "service \(name)" })
            }
        }
    }

    /// The records that can be read.
    func read(_ limits: AuditLimits = AuditLimits(), from: UInt64 = 0) throws -> [SwarmdAuditRecord] {
        var reader = AuditReader(AuditFiles(directory: self.directory), limits, from: from)
        var records: [SwarmdAuditRecord] = []
        while case let more = try reader.read(), !more.isEmpty { records += more }
        return records
    }

    /// The names of the files, oldest first.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self.directory).sorted()
    }

    /// The bytes of each file by its name.
    func contents() throws -> [String: Data] {
        try Dictionary(
            uniqueKeysWithValues: self.names().map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: "\(self.directory)/\($0)")))
            }
        )
    }

    /// Changes the bytes of the newest file.
    func edit(_ body: (inout Data) -> Void) throws {
        let path = "\(self.directory)/\(try self.names().last { $0.hasSuffix(".audit") } ?? "")"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        body(&bytes)
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    /// Where the chain of `records` is broken; nil where it is whole.
    static func fault(in records: [SwarmdAuditRecord]) throws -> AuditVerification.Break? {
        var verification = AuditVerification()
        do {
            for record in records { try verification.take(record) }
            try verification.finish()
            return nil
        } catch let error as AuditVerification.Break {
            return error
        }
    }
}
