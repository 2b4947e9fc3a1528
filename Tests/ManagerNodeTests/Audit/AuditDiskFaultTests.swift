import GRPCCore
import Glibc
import LinuxSystem
import SwarmAPI
import SwiftProtobuf
import Synchronization
import Testing

@testable import ManagerNode

/// Disks that fail under the records: what was not recorded is not done, and what failed is not given out as kept.
@Suite struct AuditDiskFaultTests {
    /// A disk that fails with a code where it is told to.
    private final class FailingDisk: Sendable {
        struct Faults: Sendable { var write, cut, synchronize: Int32? }

        private let faults = Mutex(Faults())

        func fail(_ change: (inout Faults) -> Void) { self.faults.withLock { change(&$0) } }

        private func check(_ operation: String, _ fault: (Faults) -> Int32?) throws {
            guard let code = self.faults.withLock({ fault($0) }) else { return }
            throw SystemError(operation: operation, path: "", code: code)
        }

        /// A write that fails leaves half of what was to be written.
        var disk: AuditDisk {
            AuditDisk { file, bytes in
                do { try self.check("write") { $0.write } } catch {
                    try file.write(Array(bytes.prefix(bytes.count / 2)))
                    throw error
                }
                try file.write(bytes)
            } cut: { file, length in
                try self.check("ftruncate") { $0.cut }
                try AuditDisk.system.cut(file, length)
            } synchronize: { file in
                try self.check("fsync") { $0.synchronize }
                try file.synchronize()
            }
        }
    }

    /// What was changed.
    private final class Made: Sendable {
        private let list = Mutex<[String]>([])

        var names: [String] { self.list.withLock { $0 } }

        func add(_ name: String) { self.list.withLock { $0.append(name) } }
    }

    private static func change(_ name: String, on audit: AuditLog, _ made: Made) async throws {
        let call = AuditedCall(
            "Control.UpdateService",
            about: AuditSubject("service \(name)"),
            by: PeerIdentity(.local(.init(uid: 0, gid: 0, pid: 1)))
        )
        try await audit.record(call) { made.add(name) }
    }

    @Test(arguments: [ENOSPC, EIO]) func `a change whose beginning can't be written is refused`(
        _ code: Int32
    ) async throws {
        try await AuditBench.run { bench in
            let failing = FailingDisk()
            try await bench.open(on: failing.disk) { audit in
                let made = Made()
                try await Self.change("a", on: audit, made)
                failing.fail { $0.write = code }
                let error = await rpcError { try await Self.change("b", on: audit, made) }
                #expect(error?.code == .unavailable)
                #expect(error?.message.hasPrefix("audit: nothing was changed") == true)
                failing.fail { $0.write = nil }
                try await Self.change("c", on: audit, made)
                #expect(made.names == ["a", "c"])
            }
            let records = try bench.read()
            #expect(records.map(\.object) == ["a", "a", "c", "c"].map { "service \($0)" })
            #expect(try AuditBench.fault(in: records) == nil)
        }
    }

    @Test(arguments: [ENOSPC, EIO]) func `an end that can't be written waits for the next record`(
        _ code: Int32
    ) async throws {
        try await AuditBench.run { bench in
            let failing = FailingDisk()
            try await bench.open(on: failing.disk) { audit in
                var record = SwarmdAuditRecord.with { $0.object = "service a" }
                record.begun = try audit.begin(record)
                record.result = "OK"
                failing.fail { $0.write = code }
                audit.end(record)
                audit.write()
                #expect(try bench.read().map(\.result) == [""])
                failing.fail { $0.write = nil }
                _ = try audit.begin(.with { $0.object = "service b" })
                #expect(try bench.read().map(\.result) == ["", "OK", ""])
            }
            #expect(try AuditBench.fault(in: bench.read()) == nil)
        }
    }

    @Test func `what can't be taken back closes the record`() async throws {
        try await AuditBench.run { bench in
            let failing = FailingDisk()
            try await bench.open(on: failing.disk) { audit in
                let made = Made()
                try await Self.change("a", on: audit, made)
                audit.write()
                failing.fail { ($0.write, $0.cut) = (EIO, EIO) }
                #expect(await rpcError { try await Self.change("b", on: audit, made) }?.code == .unavailable)
                failing.fail { ($0.write, $0.cut) = (nil, nil) }
                let error = await rpcError { try await Self.change("c", on: audit, made) }
                #expect(error?.message.contains("can't be taken back") == true)
                #expect(made.names == ["a"])
            }
            // The next start cuts the half off, and says so.
            try await bench.write(["d"])
            let records = try bench.read()
            #expect(records.map(\.sequence) == [1, 2, 4, 5])
            #expect(AuditNote.tellsOfTear(records[2]))
            #expect(try AuditBench.fault(in: records) == nil)
        }
    }

    @Test(arguments: [ENOSPC, EIO]) func `a failed sync closes the record until the next start`(
        _ code: Int32
    ) async throws {
        try await AuditBench.run { bench in
            let failing = FailingDisk()
            var limits = AuditLimits()
            limits.syncWithin = .milliseconds(1)
            try await bench.open(limits, on: failing.disk) { audit in
                let made = Made()
                try await Self.change("a", on: audit, made)
                failing.fail { $0.synchronize = code }
                var error: RPCError?
                while error == nil {
                    try await Task.sleep(for: .milliseconds(2))
                    error = await rpcError { try await Self.change("b", on: audit, made) }
                }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("can't be synced") == true, "\(error?.message ?? "")")
                // A second sync may succeed without what the first one lost.
                failing.fail { $0.synchronize = nil }
                try await Task.sleep(for: .milliseconds(5))
                #expect(await rpcError { try await Self.change("c", on: audit, made) } != nil)
                #expect(!made.names.contains("c"))
            }
            try await bench.write(["d"])
            #expect(try AuditBench.fault(in: bench.read()) == nil)
        }
    }

    @Test func `a next file that can't be made refuses the change, and is made later`() async throws {
        try await AuditBench.run { bench in
            let failing = FailingDisk()
            var limits = AuditLimits()
            limits.fileBytes = 200
            try await bench.open(limits, on: failing.disk) { audit in
                while try bench.contents().values.allSatisfy({ $0.count < 200 }) {
                    _ = try audit.begin(.with { $0.object = "service a" })
                }
                failing.fail { $0.write = ENOSPC }
                #expect(throws: AuditLog.Failure.self) { try audit.begin(.with { $0.object = "service b" }) }
                failing.fail { $0.write = nil }
                _ = try audit.begin(.with { $0.object = "service c" })
            }
            let records = try bench.read(limits)
            #expect(records.last?.object == "service c")
            #expect(!records.contains { $0.object == "service b" })
            #expect(try AuditBench.fault(in: records) == nil)
        }
    }
}
