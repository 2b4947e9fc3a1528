import Testing

@testable import WorkerNode

@Suite struct MailboxTests {
    @Test func `a reader is woken at once and after changes`() async {
        let mailbox = Mailbox(1)
        var wakes = mailbox.wakes().makeAsyncIterator()
        #expect(await wakes.next() != nil)
        mailbox.change { $0 = 2 }
        mailbox.change { $0 = 3 }
        #expect(await wakes.next() != nil)
        #expect(mailbox.access { $0 } == 3)
    }

    @Test func `a new reader ends the old one`() async {
        let mailbox = Mailbox(1)
        var old = mailbox.wakes().makeAsyncIterator()
        _ = await old.next()
        var new = mailbox.wakes().makeAsyncIterator()
        #expect(await old.next() == nil)
        #expect(await new.next() != nil)
    }
}
