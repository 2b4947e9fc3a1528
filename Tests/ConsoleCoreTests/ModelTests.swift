import Primitives
import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct ModelTests {
    @Test func `the cursor follows its object, and the object keeps its line`() {
        var model = Fixture.model()
        model.press(.down, .down)
        #expect(model.selected == "service-cache")
        let line = model.screen.cursorRow
        // Rows before and after it, so that the list may scroll.
        let early = ["aa", "zz"].flatMap { prefix in
            (0..<30).map { Fixture.service("\(prefix)\($0)", 1, age: 1) }
        }
        _ = update(
            &model,
            .changed(early.map { Fixture.event(.watchActionCreate, $0) }),
            now: Fixture.now
        )
        #expect(model.selected == "service-cache")
        #expect(model.screen.cursorRow == line)
        #expect(model.screen.lines[line].contains("cache"))
    }

    @Test func `a removed object stays under the cursor for five seconds`() {
        var model = Fixture.model()
        model.press(.down)
        let gone = Fixture.service("billing", 4, age: 1)
        _ = update(&model, .changed([Fixture.event(.watchActionRemove, gone)]), now: Fixture.now)
        #expect(model.screen.lines[model.screen.cursorRow].contains("gone"))
        model.type("S")
        #expect(model.dialog == nil)
        _ = update(&model, .tick, now: Fixture.now + .milliseconds(5001))
        #expect(model.selected == "service-cache")
        #expect(!model.rows.contains("service-billing"))
    }

    @Test func `Enter drills into a service and Esc comes back`() {
        var model = Fixture.model()
        model.press(.down, .enter)
        #expect(model.text.contains("Services > billing > Tasks"))
        #expect(model.rows.count == 4)
        model.press(.escape)
        #expect(model.selected == "service-billing")
        model.press(.escape, .escape, .escape)
        #expect(model.text.contains("[2Services]"))
    }

    @Test func `Enter on a node lists its tasks`() {
        var model = Fixture.model()
        model.type("1")
        model.press(.enter)
        #expect(model.text.contains("Nodes > mgr-1 > Tasks"))
        #expect(model.rows.count == 7)
    }

    @Test func `q quits at the top only, and colon q anywhere`() {
        var model = Fixture.model()
        model.press(.enter)
        #expect(model.type("q").isEmpty)
        model.type(":q")
        #expect(model.press(.enter) == [.quit])
        model.press(.escape)
        #expect(model.type("q") == [.quit])
    }

    @Test func `Esc clears the filter before it goes up`() {
        var model = Fixture.model()
        model.press(.enter)
        model.type("/w01")
        model.press(.enter)
        #expect(model.rows.count == 6)
        model.press(.escape)
        #expect(model.rows.count == 12)
        #expect(model.pages.count == 2)
        model.press(.escape)
        #expect(model.pages.count == 1)
    }

    @Test func `a tab keeps its cursor and filter, and minus goes back to it`() {
        var model = Fixture.model()
        model.press(.down, .down)
        model.type("1-")
        #expect(model.selected == "service-cache")
    }

    @Test func `counts follow each change`() {
        var model = Fixture.model()
        #expect(model.text.contains("tasks 27/31"))
        let running = Fixture.task(
            "billing",
            4,
            .running,
            on: "w01",
            version: 40,
            id: "task-billing-4-pending"
        )
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, running)]), now: Fixture.now)
        #expect(model.text.contains("tasks 28/31"))
        #expect(model.cluster.byService["service-billing"]?.running == 4)
        #expect(model.cluster.byNode["node-w01"]?.live == 13)
    }

    @Test func `an older version of an object is ignored`() {
        var model = Fixture.model()
        let late = Fixture.task("api", 1, .starting, on: "w01", version: 3, id: "task-api-1-running")
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, late)]), now: Fixture.now)
        #expect(model.cluster.tasks["task-api-1-running"]?.stage == .running)
    }

    @Test(arguments: 0..<20)
    func `changes in any order count like a listing`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        var model = Fixture.model()
        let states: [SwarmTaskState] = [.new, .pending, .assigned, .running, .failed, .shutdown]
        var truth: [String: SwarmTask] = Dictionary(Fixture.tasks.map { ($0.id, $0) }) { $1 }
        for version in 100..<400 {
            let slot = UInt64.random(in: 1...30, using: &dice)
            let id = "task-api-x\(slot)"
            if Int.random(in: 0..<4, using: &dice) == 0, let task = truth[id] {
                truth[id] = nil
                _ = update(&model, .changed([Fixture.event(.watchActionRemove, task)]), now: Fixture.now)
            } else {
                let state = states[Int.random(in: 0..<states.count, using: &dice)]
                let task = Fixture.task("api", slot, state, on: "w01", version: UInt64(version), id: id)
                truth[id] = task
                _ = update(&model, .changed([Fixture.event(.watchActionUpdate, task)]), now: Fixture.now)
            }
        }
        var fresh = Fixture.model()
        _ = update(
            &fresh,
            .listed(
                cluster: nil,
                nodes: Fixture.nodes,
                services: Fixture.services,
                tasks: Array(truth.values)
            ),
            now: Fixture.now
        )
        #expect(model.cluster.total == fresh.cluster.total)
        #expect(model.cluster.byService == fresh.cluster.byService)
        #expect(model.cluster.byNode == fresh.cluster.byNode)
        #expect(model.cluster.attentionOrder.keys == fresh.cluster.attentionOrder.keys)
        #expect(model.cluster.slotOrder.keys == fresh.cluster.slotOrder.keys)
    }

    @Test func `a lost connection is STALE with its age, and LIVE after the next listing`() {
        var model = Fixture.model()
        _ = update(&model, .lost(reason: "gone"), now: Fixture.now)
        _ = update(&model, .connecting, now: Fixture.now + .seconds(1))
        _ = update(&model, .tick, now: Fixture.now + .seconds(3))
        #expect(model.screen.lines[0].hasSuffix("STALE 3 s"))
        #expect(model.screen.lines[5].contains("billing"))
        #expect(model.screen.cells[5][4].style.stale)
        _ = update(
            &model,
            .listed(cluster: nil, nodes: Fixture.nodes, services: Fixture.services, tasks: Fixture.tasks),
            now: Fixture.now + .seconds(4)
        )
        #expect(model.screen.lines[0].hasSuffix("LIVE"))
    }

    @Test func `an old cluster's frame stays valid for a while`() {
        var model = Fixture.model()
        _ = update(&model, .tick, now: Fixture.now + .seconds(100_000))
        let frame = model.screen
        #expect(frame.validUntil.map { $0 - model.now > .seconds(1) } ?? true)
    }

    @Test func `a stale frame changes with its clock only`() {
        var model = Fixture.model()
        _ = update(&model, .lost(reason: "gone"), now: Fixture.now)
        _ = update(&model, .tick, now: Fixture.now + .seconds(7200))
        let frame = model.screen
        #expect(frame.lines[0].hasSuffix("STALE 2 h"))
        #expect(frame.validUntil == Fixture.now + .seconds(10_800))
    }

    @Test func `the whole reason of the selected service's worst task is shown`() {
        var model = Fixture.model()
        model.press(.down)
        let text = model.screen.lines[20...21].map { $0.trimmingSuffix(while: \.isWhitespace) }.joined()
        let words = text.split(separator: " ").joined(separator: " ")
        #expect(words.contains(Fixture.noSuitableNode))
    }

    @Test func `without a leader nothing can be changed`() {
        var model = Fixture.model()
        var status = Fixture.status
        status.raft.leaderID = ""
        _ = update(&model, .status(status), now: Fixture.now)
        #expect(model.screen.lines[0].contains("CRIT"))
        model.type("S")
        #expect(model.text.contains("changes are off: no leader"))
    }

    @Test func `ten thousand tasks are scrolled and changed quickly enough to test`() {
        var model = Fixture.model()
        let tasks = (1...10_000).map {
            Fixture.task("big", UInt64($0), .running, on: "w01", id: "task-big-\($0)")
        }
        _ = update(
            &model,
            .listed(cluster: nil, nodes: Fixture.nodes, services: Fixture.services, tasks: tasks),
            now: Fixture.now
        )
        model.type("3")
        model.press(.end)
        for slot in 1...500 {
            let task = Fixture.task(
                "big",
                UInt64(slot),
                .failed,
                on: "w01",
                version: 50,
                id: "task-big-\(slot)"
            )
            _ = update(&model, .changed([Fixture.event(.watchActionUpdate, task)]), now: Fixture.now)
        }
        #expect(model.cluster.total[.failed] == 500)
        #expect(model.screen.lines[model.screen.cursorRow].contains("big.10000"))
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        var text = String(self)
        while let last = text.last, predicate(last) { text.removeLast() }
        return text
    }
}
