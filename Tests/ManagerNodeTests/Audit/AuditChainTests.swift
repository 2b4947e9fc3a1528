import Foundation
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct AuditChainTests {
    private static func sealed(
        _ record: SwarmdAuditRecord,
        after previous: Data
    ) throws -> SwarmdAuditRecord {
        try SwarmdAuditRecord(serializedBytes: AuditChain.sealed(record, after: previous).bytes)
    }

    private static func chain(_ count: UInt64, from first: UInt64 = 1) throws -> [SwarmdAuditRecord] {
        var previous = AuditChain.beginning
        return try (first..<(first + count)).map { number in
            let record = try Self.sealed(
                .with {
                    $0.sequence = number
                    $0.object = "service s\(number)"
                },
                after: previous
            )
            previous = record.hash
            return record
        }
    }

    @Test func `a chain that nobody touched is whole, and one without its beginning is told from it`() throws
    {
        #expect(try AuditBench.fault(in: Self.chain(10)) == nil)
        #expect(try AuditBench.fault(in: Array(Self.chain(10).dropFirst(4))) == .noTrustedStart(5))
        #expect(try AuditBench.fault(in: []) == nil)
    }

    @Test func `a record that was altered is found`() throws {
        var records = try Self.chain(5)
        records[2].object = "service other"
        #expect(try AuditBench.fault(in: records) == .altered(3))
    }

    @Test func `a record that was altered with its hash does not fit the next one`() throws {
        var records = try Self.chain(5)
        records[2].object = "service other"
        records[2].hash = try AuditChain.hash(of: records[2])
        #expect(try AuditBench.fault(in: records) == .unbound(4))
    }

    @Test func `a record that was taken out is missed`() throws {
        var records = try Self.chain(5)
        records.remove(at: 2)
        #expect(try AuditBench.fault(in: records) == .gap(after: 2, next: 4))
    }

    @Test func `a record that was put in does not fit`() throws {
        var records = try Self.chain(5)
        let foreign = try Self.sealed(.with { $0.sequence = 3 }, after: records[0].hash)
        records[2] = foreign
        #expect(try AuditBench.fault(in: records) == .unbound(3))
    }

    @Test func `the first record of all has nothing before it`() throws {
        let record = try Self.sealed(.with { $0.sequence = 1 }, after: Data(repeating: 1, count: 32))
        #expect(try AuditBench.fault(in: [record]) == .noBeginning)
    }

    @Test func `bytes that were altered on disk with their checksum are found`() async throws {
        try await AuditBench.run { bench in
            try await bench.write(["a", "b", "c"])
            var records = try bench.read()
            records[1].object = "service x"
            let altered = records
            try bench.edit { bytes in
                let line = bytes.prefix { $0 != 0x0a }.count + 1
                bytes = bytes.prefix(line)
                for record in altered { bytes += (try? AuditFrames.frame(record.serializedBytes())) ?? [] }
            }
            #expect(try AuditBench.fault(in: bench.read()) == .altered(2))
        }
    }
}
