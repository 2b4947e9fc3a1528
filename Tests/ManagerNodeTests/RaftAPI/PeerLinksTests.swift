import GRPCCore
import RaftCore
import Replication
import ServerTesting
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization
import Testing

@testable import ManagerNode

@Suite(.timeLimit(.minutes(1))) struct PeerLinksTests {
    @Test func `ten thousand messages arrive in order, many at a time`() async throws {
        let receiver = RecordingReceiver()
        try await TestServer.run([ReplicationService(receiver: receiver)]) { port in
            try await PeerLab.withLinks(to: port) { links in
                try await links.reach()
                for start in stride(from: 1, through: 10_000, by: 1_000) as StrideThrough<UInt64> {
                    let indices = Array(start..<(start + 1_000))
                    for part in stride(from: 0, to: 1_000, by: 10) {
                        links.send(indices[part..<(part + 10)].map { PeerLab.message($0) })
                    }
                    let arrived = await receiver.next(1_000)
                    #expect(arrived.map(\.index) == indices)
                }
            }
        }
        #expect(receiver.batches < 1_000)
    }

    @Test func `a link finds a server that was started again`() async throws {
        let receiver = RecordingReceiver()
        let services = [ReplicationService(receiver: receiver)]
        let used = Mutex(0)
        try await TestServer.run(services) { port in used.withLock { $0 = port } }
        let port = used.withLock { $0 }
        try await PeerLab.withLinks(to: port) { links in
            for round in 1...3 as ClosedRange<UInt64> {
                try await TestServer.run(port: port, services) { _ in
                    try await links.reach()
                    links.send([PeerLab.message(round)])
                    #expect(await receiver.next().map(\.index) == [round])
                }
                try await links.lose()
            }
        }
    }

    @Test func `a process that is gone is known to be dead`() async throws {
        let used = Mutex(0)
        let services = [ReplicationService(receiver: RecordingReceiver())]
        try await TestServer.run(services) { port in used.withLock { $0 = port } }
        let port = used.withLock { $0 }
        try await PeerLab.withLinks(to: port) { links in
            try await TestServer.run(port: port, services) { _ in
                try await links.reach()
                // Long enough for the link to rely on the connection.
                try await ContinuousClock().sleep(for: .milliseconds(50))
            }
            await links.wait(for: .died(2))
            #expect(!links.isReachable(2))
        }
    }

    @Test func `a member that never listened is unreachable, not dead`() async throws {
        let used = Mutex(0)
        try await TestServer.run([]) { port in used.withLock { $0 = port } }
        try await PeerLab.withLinks(to: used.withLock { $0 }) { links in
            for await report in links.reports {
                #expect(report == .unreachable(2))
                break
            }
        }
    }

    @Test func `nothing is kept while there is no connection`() async throws {
        var limits = PeerLab.limits
        limits.reportInterval = .seconds(3_600)
        let used = Mutex(0)
        try await TestServer.run([]) { port in used.withLock { $0 = port } }
        try await PeerLab.withLinks(to: used.withLock { $0 }, limits: limits) { links in
            for index in 1...100 as ClosedRange<UInt64> { links.send([PeerLab.message(index)]) }
            links.send([PeerLab.message(0, .snapshot)])
            var reports: [PeerReport] = []
            for await report in links.reports {
                reports.append(report)
                if reports.count == 2 { break }
            }
            // Unreachable is said once within the interval; the snapshot's end always.
            #expect(reports == [.unreachable(2), .snapshot(2, delivered: false)])
        }
    }

    @Test func `what a full queue has no room for is lost and reported`() async throws {
        var limits = PeerLab.limits
        limits.queuedMessages = 3
        let allowed = limits
        let receiver = RecordingReceiver()
        try await TestServer.run([ReplicationService(receiver: receiver)]) { port in
            try await PeerLab.withLinks(to: port, limits: allowed) { links in
                try await links.reach()
                links.send((1...5).map { PeerLab.message($0) })
                await links.wait(for: .unreachable(2))
                #expect(await receiver.next(3).map(\.index) == [1, 2, 3])
                links.send([PeerLab.message(6)])
                #expect(await receiver.next().map(\.index) == [6])
            }
        }
    }

    @Test func `messages go to the new address of a member that moved`() async throws {
        let first = RecordingReceiver()
        let second = RecordingReceiver()
        try await TestServer.run([ReplicationService(receiver: first)]) { old in
            try await TestServer.run([ReplicationService(receiver: second)]) { new in
                try await PeerLab.withLinks(to: old) { links in
                    try await links.reach()
                    links.send([PeerLab.message(1)])
                    #expect(await first.next().map(\.index) == [1])
                    links.setMembers([PeerLab.member(2, port: new)])
                    try await links.reach()
                    links.send([PeerLab.message(2)])
                    #expect(await second.next().map(\.index) == [2])
                    links.setMembers([])
                    #expect(!links.isReachable(2))
                }
            }
        }
    }

    @Test func `a snapshot for somebody to whom there is no way has not arrived`() async throws {
        let links = PeerLinks(
            member: 1,
            security: UncertifiedNode("n1"),
            limits: PeerLab.limits,
            log: PeerLab.log
        ) { _ in nil }
        links.send([RaftCore.Message(.append, to: 5, from: 1), RaftCore.Message(.snapshot, to: 5, from: 1)])
        for await report in links.reports {
            #expect(report == .snapshot(5, delivered: false))
            break
        }
    }

    @Test func `members say where they listen, and are answered there`() async throws {
        let first = RecordingReceiver()
        let second = RecordingReceiver()
        try await TestServer.run([ReplicationService(receiver: first)]) { old in
            try await TestServer.run([ReplicationService(receiver: second)]) { new in
                try await PeerLab.withLinks(to: old) { links in
                    links.announce("here:1")
                    try await links.reach()
                    links.send([RaftCore.Message(.heartbeat, to: 2, from: 1, term: 4)])
                    #expect(await first.addresses.first { _ in true } == "1 n1 here:1 4")
                    links.learn(2, at: "127.0.0.1:\(new)")
                    #expect(links.address(of: 2) == "127.0.0.1:\(new)")
                    try await links.reach()
                    links.send([PeerLab.message(2)])
                    #expect(await second.next().map(\.index) == [2])
                }
            }
        }
    }

    @Test func `a member that nobody introduced is asked for`() async throws {
        let receiver = RecordingReceiver()
        let services: [any RegistrableRPCService] = [
            ReplicationService(receiver: receiver),
            RaftService(receiver: receiver, security: UncertifiedNode("n2")),
        ]
        try await TestServer.run(services) { port in
            try await PeerLab.withLinks(to: port) { links in
                try await links.reach()
                links.seek(9)
                // A question may get lost: whoever hears from a stranger again asks again.
                while links.address(of: 7) == nil {
                    links.seek(7)
                    try await ContinuousClock().sleep(for: .milliseconds(10))
                }
                #expect(links.address(of: 7) == "127.0.0.1:7")
                #expect(links.address(of: 9) == nil)
            }
        }
    }

    @Test func `digests come beside messages, and again over a new connection`() async throws {
        let receiver = RecordingReceiver()
        let services = [ReplicationService(receiver: receiver)]
        let used = Mutex(0)
        try await TestServer.run(services) { port in used.withLock { $0 = port } }
        let port = used.withLock { $0 }
        try await PeerLab.withLinks(to: port) { links in
            for index in 1...10 as ClosedRange<UInt64> { links.share(.with { $0.index = index }) }
            try await TestServer.run(port: port, services) { _ in
                try await links.reach()
                #expect(await receiver.digests(upTo: 10) == Array(3...10))
            }
            try await links.lose()
            links.share(.with { $0.index = 11 })
            try await TestServer.run(port: port, services) { _ in
                try await links.reach()
                #expect(await receiver.digests(upTo: 11) == Array(4...11))
                links.share(.with { $0.index = 12 })
                #expect(await receiver.digests(upTo: 12) == [12])
            }
        }
    }

    @Test func `a batch for a member is taken from its node only`() async throws {
        let receiver = RecordingReceiver()
        let batch = SwarmdRaftBatch.with {
            ($0.from, $0.to) = (1, 2)
            $0.messages = [RaftWire.encode(PeerLab.message(1))]
        }
        try await TestServer.run([ReplicationService(receiver: receiver)]) { port in
            try await ManagerConnection.withClient(
                to: try ServerAddress("127.0.0.1:\(port)"),
                security: UncertifiedNode("n7"),
                within: .seconds(20)
            ) { client in
                let error = await #expect(throws: RPCError.self) {
                    try await SwarmdReplication.Client(wrapping: client)
                        .exchange { writer in
                            try await writer.write(batch)
                        } onResponse: { response in
                            for try await _ in response.messages {}
                        }
                }
                #expect(error?.code == .permissionDenied)
            }
        }
        #expect(receiver.batches == 0)
    }

    @Test func `who was removed is told so`() async throws {
        let receiver = RecordingReceiver(removed: [1])
        let services: [any RegistrableRPCService] = [ReplicationService(receiver: receiver)]
        try await TestServer.run(services) { port in
            try await PeerLab.withLinks(to: port) { links in
                try await links.reach()
                links.send([PeerLab.message(1)])
                await links.wait(for: .removed(by: 2))
            }
        }
        #expect(receiver.batches == 0)
    }

    @Test func `another member at the address does not take the messages`() async throws {
        let receiver = RecordingReceiver()
        try await TestServer.run([ReplicationService(receiver: receiver)]) { port in
            try await PeerLab.withLinks(to: port) { links in
                links.setMembers([PeerLab.member(3, port: port)])
                while !links.isReachable(3) { try await ContinuousClock().sleep(for: .milliseconds(1)) }
                links.send([RaftCore.Message(.heartbeat, to: 3, from: 1)])
                for await report in links.reports where report != .unreachable(2) {
                    #expect(report == .unreachable(3))
                    break
                }
            }
        }
        #expect(receiver.batches == 0)
    }
}
