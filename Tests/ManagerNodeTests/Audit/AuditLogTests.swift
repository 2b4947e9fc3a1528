import Foundation
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct AuditLogTests {
    @Test func `records are numbered, dated and bound to each other`() async throws {
        try await AuditBench.run { bench in
            try await bench.write(["a", "b", "c"])
            let records = try bench.read()
            #expect(records.map(\.sequence) == [1, 2, 3])
            #expect(records.map(\.object) == ["service a", "service b", "service c"])
            #expect(records.allSatisfy { $0.at.seconds == 1_700_000_000 })
            #expect(records[0].previous == AuditChain.beginning)
            #expect(try AuditBench.fault(in: records) == nil)
        }
    }

    @Test func `whoever opens them again goes on where they end`() async throws {
        try await AuditBench.run { bench in
            for name in ["a", "b", "c"] { try await bench.write([name]) }
            #expect(try bench.names().count == 1)
            #expect(try bench.read().map(\.sequence) == [1, 2, 3])
            #expect(try AuditBench.fault(in: bench.read()) == nil)
        }
    }

    @Test func `a record that was torn anywhere is cut off, and the next takes its place`() async throws {
        try await AuditBench.run { bench in
            try await bench.write(["a", "b"])
            let whole = try Data(contentsOf: URL(fileURLWithPath: "\(bench.directory)/\(bench.names()[0])"))
            let last = try AuditFrames.frame(bench.read()[1].serializedBytes()).count
            for missing in 1...last {
                try bench.edit { $0 = whole.dropLast(missing) }
                try await bench.write(["c"])
                let records = try bench.read()
                // Where nothing is left of a record, nobody can know of it.
                let isTorn = missing < last
                #expect(records.map(\.sequence) == (isTorn ? [1, 3, 4] : [1, 2]), "\(missing) bytes less")
                #expect(records.last?.object == "service c")
                #expect(AuditNote.tellsOfTear(records[1]) == isTorn)
                #expect(try AuditBench.fault(in: records) == nil)
            }
        }
    }

    @Test func `zeros where the last record was to be are cut off`() async throws {
        try await AuditBench.run { bench in
            try await bench.write(["a"])
            try bench.edit { $0 += Data(repeating: 0, count: 300) }
            try await bench.write(["b"])
            #expect(try bench.read().map(\.sequence) == [1, 3, 4])
            #expect(try bench.read().last?.object == "service b")
            #expect(try AuditBench.fault(in: bench.read()) == nil)
        }
    }

    @Test func `a last record whose last sectors are zeros was torn`() async throws {
        try await AuditBench.run { bench in
            try await bench.write([
                String(repeating: "a", count: 600), "b", String(repeating: "c", count: 600),
            ])
            try bench.edit { bytes in
                let end = (bytes.count - 1) / 512 * 512
                bytes.replaceSubrange(end..<bytes.count, with: Data(repeating: 0, count: bytes.count - end))
            }
            try await bench.write(["d"])
            #expect(try bench.read().map(\.sequence) == [1, 2, 4, 5])
            #expect(try AuditBench.fault(in: bench.read()) == nil)
        }
    }

    @Test func `a full file is followed by another, and the oldest goes`() async throws {
        try await AuditBench.run { bench in
            var limits = AuditLimits()
            (limits.fileBytes, limits.files, limits.readAtOnce) = (400, 3, 2)
            try await bench.write((1...30).map { "s\($0)" }, limits)
            #expect(try bench.names().count == 3)
            let records = try bench.read(limits)
            #expect(records.last?.object == "service s30")
            #expect(try #require(records.first).sequence > 1)
            #expect(try AuditBench.fault(in: records) == nil)
            let last = try #require(records.last).sequence
            #expect(try bench.read(limits, from: last - 1).map(\.sequence) == [last - 1, last])
        }
    }

    @Test func `a file that was being made is made again`() async throws {
        try await AuditBench.run { bench in
            try await bench.write(["a"])
            let path = AuditFiles(directory: bench.directory).path(of: 2)
            try Data("swarmd-aud".utf8).write(to: URL(fileURLWithPath: path))
            try await bench.write(["b"])
            #expect(try bench.names().count == 1)
            #expect(try bench.read().map(\.sequence) == [1, 2])
        }
    }

    @Test func `a file of a later release is not touched`() async throws {
        try await AuditBench.run { bench in
            try await bench.write(["a"])
            try bench.edit { $0.replaceSubrange(0..<14, with: Data("swarmd-audit 2".utf8)) }
            let before = try Data(contentsOf: URL(fileURLWithPath: "\(bench.directory)/\(bench.names()[0])"))
            await #expect(throws: AuditLog.Failure.self) { try await bench.write(["b"]) }
            let after = try Data(contentsOf: URL(fileURLWithPath: "\(bench.directory)/\(bench.names()[0])"))
            #expect(before == after)
        }
    }

    @Test func `where no record can be written, the caller learns why`() async throws {
        try await AuditBench.run { bench in
            try Data().write(to: URL(fileURLWithPath: bench.directory))
            await #expect(throws: AuditLog.Failure.self) { try await bench.write(["a"]) }
        }
    }

    @Test func `nothing is taken after the end`() async throws {
        try await AuditBench.run { bench in
            let log = try await bench.open { $0 }
            while (try? log.begin(.init())) != nil { await Task.yield() }
            #expect(throws: AuditLog.Failure.self) { try log.begin(.init()) }
        }
    }
}
