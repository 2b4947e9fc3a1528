import Foundation
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

/// Files that are not what was written, found when the records are opened again.
@Suite struct AuditRecoveryTests {
    /// Where the records of the newest file begin, and where each one ends.
    private static func places(_ bench: AuditBench) throws -> [Int] {
        let bytes = try #require(try bench.contents()[bench.names().last ?? ""])
        var offset = try AuditFrames.header(of: Array(bytes)).start
        var places = [offset]
        while let (_, next) = try AuditFrames.record(at: offset, of: Array(bytes)) {
            offset = next
            places.append(offset)
        }
        return places
    }

    /// Checks that `edit` of the file of four records is found, its file kept as it is, and no number given again.
    ///
    /// Where records are still `readable` that do not follow each other, that is what is found.
    private static func check(
        good: Int,
        readable: Bool = false,
        _ edit: @escaping (inout Data, [Int]) throws -> Void
    ) async throws {
        try await AuditBench.run { bench in
            try await bench.write(["a", "b", "c", "d"])
            let places = try Self.places(bench)
            var fault: (any Error)?
            try bench.edit { bytes in do { try edit(&bytes, places) } catch { fault = error } }
            try #require(fault == nil)
            let altered = try bench.contents()
            try await bench.write(["e"])
            try await bench.write(["f"])
            let name = try #require(altered.keys.first)
            let after = try bench.contents()
            #expect(after[name] == altered[name])
            var reader = AuditReader(AuditFiles(directory: bench.directory), AuditLimits(), from: 0)
            let records = try reader.read()
            #expect(records.suffix(2).map(\.object) == ["service e", "service f"])
            let note = try #require(records.dropLast(2).last)
            #expect(AuditNote.tellsOfDamage(note))
            #expect(note.object == "\(name), byte \(places[good])")
            #expect(note.sequence > 4 && records.last?.sequence == note.sequence + 2)
            let found = try AuditBench.fault(in: records)
            if readable {
                #expect(found != nil)
            } else {
                #expect(reader.damages.first?.description.contains("\(bench.directory)/\(name)") == true)
                #expect(found == .damaged(before: note.sequence, place: note.object, note.message))
            }
            // What follows is whole.
            #expect(try AuditBench.fault(in: [note] + records.suffix(2)) != nil)
            var rest = AuditVerification()
            for record in records.suffix(2) { try rest.take(record) }
        }
    }

    @Test(arguments: 0..<4) func `a byte of any record`(_ record: Int) async throws {
        try await Self.check(good: record) { bytes, places in bytes[places[record + 1] - 1] ^= 0xff }
    }

    @Test(arguments: 0..<4) func `a record's length`(_ record: Int) async throws {
        for change in [UInt8(0x01), 0xff] {
            try await Self.check(good: record) { bytes, places in bytes[places[record] + 3] ^= change }
        }
        try await Self.check(good: record) { bytes, places in bytes[places[record] + 2] ^= 0x10 }
    }

    @Test func `a record that was taken out`() async throws {
        try await Self.check(good: 1, readable: true) { bytes, places in
            bytes.removeSubrange(places[1]..<places[2])
        }
        try await Self.check(good: 0, readable: true) { bytes, places in
            bytes.removeSubrange(places[0]..<places[3])
        }
    }

    @Test func `half a record that was taken out`() async throws {
        try await Self.check(good: 1) { bytes, places in bytes.removeSubrange((places[1] + 20)..<places[2]) }
    }

    @Test func `bytes behind the last record`() async throws {
        try await Self.check(good: 4) { bytes, _ in bytes += Data(repeating: 7, count: 20_000) }
    }

    @Test func `a first line is found, and its file kept under another name`() async throws {
        try await AuditBench.run { bench in
            try await bench.write(["a", "b"])
            let name = try #require(try bench.names().first)
            try bench.edit { $0[3] ^= 0xff }
            let altered = try bench.contents()[name]
            try await bench.write(["c"])
            #expect(try bench.contents()["\(name).damaged"] == altered)
            let records = try bench.read()
            #expect(records.count == 2 && records[0].sequence > 2)
            #expect(records[0].object == "\(name).damaged, byte 0")
            #expect(try AuditBench.fault(in: records) != nil)
        }
    }

    @Test func `a number that was altered with checksum and hash is found, and stops nothing`() async throws {
        try await AuditBench.run { bench in
            try await bench.write(["a", "b"])
            var last = try #require(try bench.read().last)
            last.sequence = .max
            last.hash = try AuditChain.hash(of: last)
            let (frame, places) = (try AuditFrames.frame(last.serializedBytes()), try Self.places(bench))
            try bench.edit { $0 = $0.prefix(places[1]) + frame }
            try await bench.write(["c"])
            #expect(try bench.read().map(\.object).last == "service c")
            #expect(try bench.read().suffix(2).allSatisfy { $0.sequence < 100 })
        }
    }

    @Test func `records that are missing at the beginning need a record that tells why`() async throws {
        try await AuditBench.run { bench in
            var limits = AuditLimits()
            (limits.fileBytes, limits.files) = (400, 4)
            try await bench.write((1...30).map { "s\($0)" }, limits)
            #expect(try AuditBench.fault(in: bench.read(limits)) == nil)
            let oldest = try #require(try bench.names().first)
            try FileManager.default.removeItem(atPath: "\(bench.directory)/\(oldest)")
            let records = try bench.read(limits)
            let first = try #require(records.first).sequence
            #expect(try AuditBench.fault(in: records) == .noTrustedStart(first))
            // Also when the daemon goes on, until the next ones are old.
            try await bench.write(["t"], limits)
            #expect(try AuditBench.fault(in: bench.read(limits)) == .noTrustedStart(first))
        }
    }

    @Test func `a file that is missing in the middle is a gap`() async throws {
        try await AuditBench.run { bench in
            var limits = AuditLimits()
            limits.fileBytes = 400
            try await bench.write((1...9).map { "s\($0)" }, limits)
            try FileManager.default.removeItem(atPath: "\(bench.directory)/\(bench.names()[1])")
            guard case .gap = try AuditBench.fault(in: bench.read(limits)) else {
                Issue.record("the gap is not found")
                return
            }
        }
    }
}
