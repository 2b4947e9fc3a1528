import GRPCCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct AuditServiceTests {
    @Test func `all records are sent, or those from a number on`() async throws {
        try await AuditBench.run { bench in
            var limits = AuditLimits()
            (limits.fileBytes, limits.readAtOnce) = (600, 3)
            try await bench.write((1...20).map { "s\($0)" }, limits)
            try await bench.open(limits) { audit in
                let service = AuditService(log: audit)
                for from in [UInt64(0), 1, 13, 20, 21] {
                    let collector = MessageCollector<SwarmdAuditRecord>()
                    try await service.read(
                        request: .with { $0.from = from },
                        response: RPCWriter(wrapping: collector),
                        context: .test
                    )
                    for number in max(1, from)..<21 {
                        #expect(await collector.messages.next()?.sequence == number)
                    }
                }
            }
        }
    }

    @Test func `whoever follows gets what is written later`() async throws {
        try await AuditBench.run { bench in
            try await bench.open { audit in
                _ = try audit.begin(.with { $0.object = "service a" })
                let collector = MessageCollector<SwarmdAuditRecord>()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    defer { group.cancelAll() }
                    group.addTask {
                        try await AuditService(log: audit).read(
                            request: .with { $0.follow = true },
                            response: RPCWriter(wrapping: collector),
                            context: .test
                        )
                    }
                    #expect(await collector.messages.next()?.object == "service a")
                    for name in ["b", "c"] {
                        _ = try audit.begin(.with { $0.object = "service \(name)" })
                        #expect(await collector.messages.next()?.object == "service \(name)")
                    }
                }
            }
        }
    }

    @Test func `only so many may follow`() async throws {
        try await AuditBench.run { bench in
            var limits = AuditLimits()
            limits.followers = 1
            try await bench.open(limits) { audit in
                let held = audit.follow()
                #expect(held != nil)
                #expect(audit.follow() == nil)
                withExtendedLifetime(held) {}
            }
        }
    }
}
