import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ManagerNode

@Suite struct SpreadListeningTests {
    @Test func `the first loop has the first connections and a third, and the emptiest other one the rest`() {
        #expect(SpreadListening.turn([9]) == 0)
        #expect(SpreadListening.turn([3, 0]) == 0)
        #expect(SpreadListening.turn([4, 0]) == 1)
        #expect(SpreadListening.turn([4, 2, 1, 1]) == 2)
        #expect(SpreadListening.turn([3, 20]) == 0)
        #expect(SpreadListening.turn([4, 8]) == 1)
        #expect(SpreadListening.turn([4, 9]) == 0)
    }

    @Test func `connections of one socket are on several loops`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let loops = [group.next(), group.next()]
        let path = "/tmp/swarmd-test-\(LoopbackManager.makeID()).sock"
        let file = try UnixSocketFile(path: path)
        defer { file.remove() }
        let (accepted, report) = AsyncStream.makeStream(
            of: Int.self,
            bufferingPolicy: .bufferingOldest(100)
        )
        let listening = try await SpreadListening.listen(on: file.bind(), loops: loops, backlog: 16) {
            channel in
            report.yield(loops.firstIndex { $0 === channel.eventLoop } ?? -1)
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        var places = accepted.makeAsyncIterator()
        var clients: [any Channel] = []
        for number in 0..<8 {
            let client = try await ClientBootstrap(group: group).connect(unixDomainSocketPath: path).get()
            clients.append(client)
            #expect(await places.next() == (number < 4 ? 0 : 1))
        }
        try await listening.close()
        let refused = await #expect(throws: (any Error).self) {
            // The second loop's channel is closed after the first one's.
            while true {
                try await ClientBootstrap(group: group).connect(unixDomainSocketPath: path).get().close()
            }
        }
        #expect(refused is IOError)
        for client in clients { try? await client.close() }
        try await group.shutdownGracefully()
    }
}
