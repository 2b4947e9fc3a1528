import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ConsoleCore

@Suite struct EventTests {
    private static func words(_ model: Model) -> [String] {
        model.cluster.history.newest.map { "\($0.kind) \($0.name): \($0.text)" }
    }

    @Test func `changes are told by what they mean, the newest first`() {
        var model = Fixture.model()
        model.happen()
        #expect(
            Self.words(model) == [
                "raft mgr-1: leads (term 43)", "secret tls-key: created", "node w02: drain -> active",
                "node w03: ready -> DOWN!: heartbeat failure",
                "task api.2: RUNNING -> FAILED on mgr-1: OOM kill",
                "task search.6: ASSIGNED -> RUNNING on w01",
                "service billing: 4 replicas -> 9 replicas",
            ]
        )
    }

    @Test func `a listing tells nothing, and one after a gap how much was missed`() {
        var model = Fixture.model()
        #expect(model.cluster.history.count == 0)
        _ = update(&model, .lost(reason: "gone"), now: Fixture.now)
        model.list()
        #expect(Self.words(model) == ["cluster prod-eu1: listed anew: 5 objects changed unseen"])
        #expect(model.text.contains("reconnected: 5 objects changed meanwhile"))
    }

    @Test func `the newest is at the top until the reader moves, and then stays where it is`() {
        var model = Fixture.model()
        model.happen()
        model.type("5")
        let first = model.selected
        model.happen(again: 60)
        #expect(model.selected != first)
        model.press(.down)
        let second = model.selected
        model.happen(again: 61)
        #expect(model.selected == second)
    }

    @Test func `left and right choose a level, and a filter a kind`() {
        var model = Fixture.model()
        model.happen()
        model.type("5")
        model.press(.right)
        #expect(model.rows.count == 6)
        model.press(.right, .right)
        #expect(model.rows.count == 2)
        #expect(model.text.contains("[BAD or worse]"))
        model.press(.escape)
        model.type("/kind:node")
        #expect(model.rows.count == 2)
    }

    @Test func `the ring keeps the newest only`() {
        var ring = EventRing()
        for number in 0..<(EventRing.limit + 10) {
            ring.add("task", "t", "\(number)", "x", .detail, at: Fixture.now)
        }
        #expect(ring.count == EventRing.limit)
        #expect(ring.newest.first?.name == "\(EventRing.limit + 9)")
        #expect(ring.newest.last?.name == "10")
        #expect(ring["event-10"]?.name == "10")
        #expect(ring["event-9"] == nil)
        #expect(ring["event-\(EventRing.limit + 9)"]?.name == "\(EventRing.limit + 9)")
    }

    @Test func `d on an event describes its object`() {
        var model = Fixture.model()
        model.happen()
        model.type("5")
        model.press(.down, .down)
        #expect(model.type("d") == [.inspect(request: 1, object: ObjectKey(.node, "node-w02"))])
    }

    @Test func `a frozen screen stands still, changes nothing, and misses nothing`() {
        var model = Fixture.model()
        let before = model.screen.lines[3...19]
        model.type("p")
        model.happen()
        #expect(model.screen.lines[3...19] == before)
        #expect(model.screen.lines[0].hasSuffix("FROZEN 22:13:20"))
        model.type("S")
        #expect(model.dialog == nil)
        #expect(model.text.contains("the screen is frozen"))
        model.type("p")
        #expect(model.text.contains("3/9"))
        #expect(model.cluster.history.count == 7)
        #expect(model.screen.lines[0].hasSuffix("LIVE"))
    }

    @Test func `L locks, and a console that was started read-only stays so`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("LS")
        #expect(model.dialog == nil)
        #expect(model.screen.lines[0].hasSuffix("LIVE LOCKED"))
        model.type("LS")
        #expect(model.dialog != nil)
        var fixed = Fixture.model(readOnly: true)
        fixed.type("LS")
        #expect(fixed.dialog == nil)
    }
}

@Suite struct AssetTests {
    @Test func `who uses what follows the services`() {
        var model = Fixture.model()
        model.list()
        #expect(model.cluster.userNames(of: "secret-db-password") == ["api"])
        #expect(model.cluster.userNames(of: "secret-tls-key") == [])
        var service = Fixture.using[0]
        service.meta.version.index = 50
        service.spec.task.container.secrets = []
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, service)]), now: Fixture.now)
        #expect(model.cluster.userNames(of: "secret-db-password") == [])
        #expect(model.cluster.userNames(of: "network-backend") == ["api"])
        _ = update(&model, .changed([Fixture.event(.watchActionRemove, service)]), now: Fixture.now)
        #expect(model.cluster.userNames(of: "network-backend") == [])
        #expect(model.cluster.assets.users.isEmpty)
    }

    @Test func `networks come before the ports, which lead to their service`() {
        var model = Fixture.model()
        model.list()
        model.type("8")
        #expect(model.rows.prefix(2) == ["network-backend", "network-ingress"])
        #expect(model.rows.count == 4)
        model.press(.end)
        #expect(model.serviceAtHand?.name == "api")
        #expect(model.type("d") == [.inspect(request: 1, object: ObjectKey(.service, "service-api"))])
    }

    @Test func `a secret that is removed under the cursor stays a moment`() {
        var model = Fixture.model()
        model.list()
        model.type("7")
        model.press(.down, .up)
        let removed = SwarmWatchMessage.Event.with {
            $0.action = .watchActionRemove
            $0.object.secret = Fixture.secrets[0]
        }
        _ = update(&model, .changed([removed]), now: Fixture.now)
        #expect(model.text.contains("db-password (gone)"))
        _ = update(&model, .tick, now: Fixture.now + .seconds(6))
        #expect(!model.text.contains("db-password"))
    }
}

extension Model {
    fileprivate mutating func happen(again version: UInt64) {
        let service = Fixture.service("billing", version, age: 0, version: version)
        _ = update(
            &self,
            .changed([Fixture.event(.watchActionUpdate, service)]),
            now: Fixture.now + .seconds(9)
        )
    }
}
