import GRPCCore
import NIOCore
import NIOPosix
import RaftCore
import Replication
import ServerTesting
import SwarmAPI
import SwarmRPC
import Synchronization
import Testing

@testable import ManagerNode

@Suite(.timeLimit(.minutes(1))) struct SilentPeerTests {
    /// Takes batches, and says nothing.
    private struct Silent: SwarmdReplication.SimpleServiceProtocol {
        let calls: AsyncStream<Void>.Continuation

        func exchange(
            request: RPCAsyncSequence<SwarmdRaftBatch, any Error>,
            response: RPCWriter<SwarmdRaftReceipt>,
            context: ServerContext
        ) async throws {
            self.calls.yield()
            for try await _ in request {}
        }
    }

    @Test func `a connection on which nobody answers is given up and made anew`() async throws {
        var limits = PeerLab.limits
        limits.connecting = .milliseconds(100)
        let accepted = Mutex(0)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                accepted.withLock { $0 += 1 }
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try await PeerLab.withLinks(to: server.localAddress?.port ?? 0, limits: limits) { links in
            for await report in links.reports {
                #expect(report == .unreachable(2))
                if accepted.withLock({ $0 }) > 1 { break }
            }
            #expect(!links.isReachable(2))
        }
        try await server.close().get()
    }

    @Test func `a connection without receipts is cut and made anew`() async throws {
        var limits = PeerLab.limits
        limits.receipt = .milliseconds(100)
        let allowed = limits
        let (calls, called) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(10))
        try await TestServer.run([Silent(calls: called)]) { port in
            try await PeerLab.withLinks(to: port, limits: allowed) { links in
                try await links.reach()
                links.send([PeerLab.message(1)])
                await links.wait(for: .unreachable(2))
                var count = 0
                for await _ in calls {
                    count += 1
                    if count == 2 { break }
                }
            }
        }
    }

    @Test func `a connection with nothing to send needs no receipts`() async throws {
        var limits = PeerLab.limits
        limits.receipt = .milliseconds(20)
        let allowed = limits
        let (calls, called) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(10))
        let count = Mutex(0)
        try await TestServer.run([Silent(calls: called)]) { port in
            try await PeerLab.withLinks(to: port, limits: allowed) { links in
                try await links.reach()
                try await ContinuousClock().sleep(for: .milliseconds(200))
                #expect(links.isReachable(2))
            }
        }
        called.finish()
        for await _ in calls { count.withLock { $0 += 1 } }
        #expect(count.withLock { $0 } == 1)
    }
}
