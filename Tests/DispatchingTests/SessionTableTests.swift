import Dispatching
import Primitives
import Testing

struct SessionTableTests {
    private static let period = Duration.seconds(5)

    private func table() -> SessionTable {
        SessionTable(period: Self.period, generator: SeededGenerator(seed: 7))
    }

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    @Test func `a heartbeat is answered with the period, half a second around it`() throws {
        var table = self.table()
        let session = try table.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session
        for beat in 1...200 {
            let period = try table.heartbeat(
                node: "n",
                sessionID: session.sessionID,
                now: self.at(Int64(beat))
            )
            #expect(period >= .seconds(4.5) && period <= .seconds(5.5))
        }
    }

    @Test func `a node that misses three periods is down, and its session is over`() throws {
        var table = self.table()
        let session = try table.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session
        #expect(table.expire(now: self.at(13)).isEmpty)
        let close = SessionTable.Action.close(node: "n", session: session.sessionID)
        let actions = table.expire(now: self.at(17))
        #expect(actions == [close, .markDown(node: "n", message: "heartbeat failure")])
        #expect(throws: SessionError.notRegistered(node: "n")) {
            try table.heartbeat(node: "n", sessionID: session.sessionID, now: self.at(17))
        }
    }

    @Test func `a heartbeat moves the deadline`() throws {
        var table = self.table()
        let session = try table.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session
        _ = try table.heartbeat(node: "n", sessionID: session.sessionID, now: self.at(10))
        #expect(table.expire(now: self.at(20)).isEmpty)
        #expect(table.sessions.map(\.lastHeartbeat) == [self.at(10)])
        let deadline = try #require(table.deadline)
        #expect(deadline >= self.at(10) + .seconds(13.5) && deadline <= self.at(10) + .seconds(16.5))
    }

    @Test func `a changed period holds from the next heartbeat on`() throws {
        var table = self.table()
        let session = try table.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session
        table.setPeriod(.seconds(1))
        let period = try table.heartbeat(node: "n", sessionID: session.sessionID, now: self.at(1))
        #expect(period <= .seconds(1.1))
        #expect(table.expire(now: self.at(5)).count == 2)
    }

    @Test func `a new session replaces the old one`() throws {
        var table = self.table()
        let old = try table.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session
        let (new, actions) = try table.open(node: "n", addr: "b", sessionID: "other", now: self.at(1))
        #expect(actions == [.close(node: "n", session: old.sessionID)])
        #expect(throws: SessionError.invalid(node: "n")) {
            try table.check(node: "n", sessionID: old.sessionID)
        }
        #expect(throws: Never.self) { try table.check(node: "n", sessionID: new.sessionID) }
        #expect(table.end(node: "n", stream: old.stream).isEmpty, "the old stream's end says nothing")
    }

    @Test func `the session that is live is taken up again`() throws {
        var table = self.table()
        let old = try table.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session
        #expect(table.end(node: "n", stream: old.stream) == [.markDisconnected(node: "n")])
        #expect(table.sessions.isEmpty)
        let (same, actions) = try table.open(node: "n", addr: "b", sessionID: old.sessionID, now: self.at(1))
        #expect(actions.isEmpty)
        #expect(same.sessionID == old.sessionID)
        #expect(table.sessions.map(\.addr) == ["b"])
    }

    @Test func `a node whose stream ended is down after the grace`() throws {
        var table = self.table()
        let session = try table.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session
        _ = table.end(node: "n", stream: session.stream)
        #expect(throws: SessionError.notRegistered(node: "n")) {
            try table.heartbeat(node: "n", sessionID: session.sessionID, now: self.at(1))
        }
        #expect(table.expire(now: self.at(17)).last == .markDown(node: "n", message: "heartbeat failure"))
    }

    @Test func `the fourth registration within eight seconds is refused`() throws {
        var table = self.table()
        for second in 0..<3 {
            _ = try table.open(node: "n", addr: "a", sessionID: "", now: self.at(Int64(second)))
        }
        #expect(throws: SessionError.tooManyRegistrations(node: "n")) {
            try table.open(node: "n", addr: "a", sessionID: "", now: self.at(10))
        }
        #expect(throws: Never.self) { try table.open(node: "n", addr: "a", sessionID: "", now: self.at(11)) }
        #expect(throws: Never.self) { try table.open(node: "m", addr: "a", sessionID: "", now: self.at(11)) }
    }

    @Test func `a session that is taken up again is no registration`() throws {
        var table = self.table()
        let session = try table.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session
        for second in 1..<20 as Range<Int64> {
            let same = try table.open(
                node: "n",
                addr: "b",
                sessionID: session.sessionID,
                now: self.at(second)
            )
            #expect(same.session.sessionID == session.sessionID && same.actions.isEmpty)
        }
    }

    @Test func `a new leader gives every node that is not down six periods`() throws {
        var table = self.table()
        let actions = table.start(nodes: [("c", false), ("a", false), ("b", true)], now: self.at(0))
        #expect(actions == [.markUnknown(node: "a"), .markUnknown(node: "c")])
        _ = try table.open(node: "c", addr: "", sessionID: "", now: self.at(1))
        #expect(table.expire(now: self.at(15)).isEmpty)
        let failure = #"heartbeat failure for node in "unknown" state"#
        let overdue = table.expire(now: self.at(30))
        #expect(overdue.contains(.markDown(node: "a", message: failure)))
        #expect(!overdue.contains(.markDown(node: "b", message: failure)))
    }

    @Test func `a node that is down for a day gives up its tasks, once`() {
        var table = self.table()
        _ = table.start(nodes: [("n", true)], now: self.at(0))
        #expect(table.expire(now: self.at(24 * 3600 - 1)).isEmpty)
        #expect(table.expire(now: self.at(24 * 3600)) == [.orphanTasks(node: "n")])
        #expect(table.expire(now: self.at(48 * 3600)).isEmpty)
        #expect(table.deadline == nil)
    }

    @Test func `a node that was removed is forgotten`() throws {
        var table = self.table()
        let session = try table.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session
        #expect(table.forget(node: "n") == [.close(node: "n", session: session.sessionID)])
        #expect(table.expire(now: self.at(100)).isEmpty)
    }

    @Test func `the same calls give the same sessions`() throws {
        var first = self.table()
        var second = self.table()
        let left = try first.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session
        #expect(try second.open(node: "n", addr: "a", sessionID: "", now: self.at(0)).session == left)
        #expect(Identifier.isValid(left.sessionID))
    }
}
