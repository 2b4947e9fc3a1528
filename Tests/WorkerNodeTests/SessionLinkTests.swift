import Testing

@testable import WorkerNode

@Suite struct SessionLinkTests {
    @Test func `a link that is retired has ended when that returns`() async {
        let link = SessionLink()
        let ended = Mailbox(false)
        async let reason = link.run {
            defer { ended.access { $0 = true } }
            try await Task.sleep(for: .seconds(3600))
        }
        await link.retire(within: .seconds(3600), by: .system)
        #expect(ended.access { $0 })
        #expect(await reason is CancellationError)
    }

    @Test func `a link that does not end is waited for no longer than that`() async throws {
        let link = SessionLink()
        let isLet = Mailbox(false)
        try await with {
            _ = await link.run {
                // Deaf to cancellation.
                while !isLet.access({ $0 }) { await Task.yield() }
            }
        } _: {
            await link.retire(within: .milliseconds(20), by: .system)
            isLet.access { $0 = true }
        }
    }
}
