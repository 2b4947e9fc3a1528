import Primitives
import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct LogTests {
    @Test func `l follows the selected service, and what comes is shown at the end`() {
        var model = Fixture.model()
        model.press(.down)
        let source = LogSource(kind: .service, id: "service-billing")
        #expect(model.type("l") == [.followLogs(stream: 1, source: source, since: nil)])
        model.print(40)
        #expect(model.screen.lines[21].contains("line 39"))
        model.print(1, from: 40)
        #expect(model.screen.lines[21].contains("line 40"))
        #expect(model.screen.lines[2].contains("Services > billing > logs  following"))
        #expect(model.text.contains("billing.1  line 40"))
    }

    @Test func `going up pauses, counts what comes, and G goes on`() {
        var model = Fixture.model()
        model.type("l")
        model.print(40)
        model.press(.up)
        let before = model.screen.lines[3...21]
        model.print(7, from: 40)
        #expect(model.screen.lines[3...21] == before)
        #expect(model.text.contains("PAUSED, 7 new (G: go on)"))
        model.type("G")
        #expect(model.screen.lines[21].contains("line 46"))
        #expect(model.text.contains("following"))
    }

    @Test func `a search pauses too, and Esc takes it away before it leaves`() {
        var model = Fixture.model()
        model.type("l")
        model.print(40)
        model.type("/line 3")
        #expect(model.page.pane.hit != nil)
        #expect(!model.page.pane.follows)
        model.press(.enter, .escape)
        #expect(model.page.place == .logs)
        model.press(.escape)
        #expect(model.page.place == .services)
    }

    @Test func `only the newest lines are kept, and the reader stays where it was`() {
        var model = Fixture.model()
        model.type("l")
        let chunk = LogBook.limit / 10
        for index in 0..<11 { model.print(chunk, from: index * chunk) }
        #expect(model.logs?.lines.count == LogBook.limit + chunk)
        model.press(.up)
        let before = model.screen.lines[3...21]
        model.print(chunk, from: 11 * chunk)
        #expect(model.logs?.lines.count == LogBook.limit)
        #expect(model.logs?.total == 12 * chunk)
        #expect(model.screen.lines[3...21] == before)
    }

    @Test func `a stream that was replaced says nothing any more`() {
        var model = Fixture.model()
        model.type("l")
        model.press(.escape, .down)
        model.type("l")
        _ = update(&model, .logs(stream: 1, [Self.entry("old")]), now: Fixture.now)
        _ = update(&model, .logsEnded(stream: 1, reason: "cancelled"), now: Fixture.now)
        #expect(model.logs?.lines.isEmpty == true)
        #expect(model.logs?.state == .opening)
    }

    @Test func `a stream that broke goes on from its last line after the next listing`() {
        var model = Fixture.model()
        model.type("l")
        model.print(3)
        _ = update(&model, .logsEnded(stream: 1, reason: "the daemon has gone"), now: Fixture.now)
        #expect(model.text.contains("ENDED: the daemon has gone"))
        let listing = Message.listed(
            cluster: nil,
            nodes: [],
            services: Fixture.services,
            tasks: Fixture.tasks
        )
        let effects = update(&model, listing, now: Fixture.now)
        let source = LogSource(kind: .service, id: "service-api")
        #expect(effects == [.followLogs(stream: 2, source: source, since: Fixture.now + .seconds(2))])
        #expect(model.logs?.lines.count == 3)
    }

    @Test func `what tasks print cannot drive the terminal`() {
        var model = Fixture.model()
        model.type("l")
        _ = update(&model, .logs(stream: 1, [Self.entry("\u{1B}[2Jx\u{7}")]), now: Fixture.now)
        #expect(!model.text.contains("\u{1B}"))
        #expect(!model.text.contains("\u{7}"))
    }

    @Test func `tab 6 shows what is followed, or how to begin`() {
        var model = Fixture.model()
        model.type("6")
        #expect(model.text.contains("press l on a service"))
        model.type("3l")
        model.print(2)
        model.type("6")
        #expect(model.text.contains("line 1"))
        #expect(model.text.contains("[6Logs]"))
    }

    private static func entry(_ text: String) -> LogEntry {
        LogEntry(at: Fixture.now, taskID: "task-billing-1-running", isError: false, text: text)
    }
}

/// Screens of what is printed.
enum LogScenes {
    static let views: [ListScenes.View] = [
        (
            "logs",
            {
                $0.press(.down)
                $0.type("l")
                $0.print(50)
            }
        ),
        (
            "logs-paused",
            {
                $0.press(.down)
                $0.type("l")
                $0.print(50)
                $0.press(.pageUp)
                $0.print(5, from: 50)
                $0.type("/line 2")
            }
        ),
    ]
}

extension Model {
    /// Has a task print so many lines, one a second.
    fileprivate mutating func print(_ count: Int, from first: Int = 0) {
        let entries = (first..<(first + count)).map { number in
            LogEntry(
                at: Fixture.now + .seconds(Int64(number)),
                taskID: "task-billing-1-running",
                isError: number % 10 == 3,
                text: "line \(number)"
            )
        }
        _ = update(&self, .logs(stream: self.lastRequest, entries), now: Fixture.now)
        _ = update(&self, .painted, now: Fixture.now)
    }
}
