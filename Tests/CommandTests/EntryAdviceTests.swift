import ManagerNode
import Synchronization
import Testing

@testable import swarmd

@Suite struct EntryAdviceTests {
    private static let unreachable = EntryDelay(
        manager: "10.0.0.1:4242",
        address: "10.9.9.9:4242",
        reason:
            "could not connect to prospective new cluster member using its advertised address 10.9.9.9:4242: "
            + "no answer in time"
    )

    @Test func `an address that the managers can't reach is named with its flag`() {
        #expect(
            EntryAdvice.progress(Self.unreachable)
                == "waiting for the managers' group, asked at 10.0.0.1:4242: the managers can't reach this node at "
                + "10.9.9.9:4242 (--advertise-addr): no answer in time; trying on"
        )
        let end = EntryAdvice.delayed(by: Self.unreachable)
        #expect(
            end.contains("--advertise-addr: the managers can't reach it at 10.9.9.9:4242: no answer in time")
        )
        #expect(end.contains("`swarmd leave --force`"))
    }

    @Test func `another reason is told as it is`() {
        let delay = EntryDelay(manager: "a:1", address: "b:2", reason: "there is no leader")
        #expect(
            EntryAdvice.progress(delay)
                == "waiting for the managers' group, asked at a:1: there is no leader; trying on"
        )
        #expect(EntryAdvice.delayed(by: delay).contains("the manager at a:1 says: there is no leader; "))
        #expect(EntryAdvice.delayed(by: nil).hasSuffix("it goes on trying: see its log"))
    }

    @Test func `what was waited for is taken back once the manager takes part`() {
        let told = Mutex<[String]>([])
        let note = EntryNote { line in told.withLock { $0.append(line) } }
        note.hear(Self.unreachable)
        #expect(note.last == Self.unreachable)
        note.end()
        note.hear(Self.unreachable)
        note.end()
        #expect(note.last == nil)
        #expect(told.withLock { $0 } == [EntryAdvice.progress(Self.unreachable), ""])
    }

    @Test func `a refusal to let a manager go has one full stop`() {
        #expect(NodeShell.refusal("It starts.").contains("now: It starts. `swarmd leave --force`"))
    }
}
