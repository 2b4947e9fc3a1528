import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ConsoleCore

@Suite struct ReaderTests {
    private static func open() -> (Model, ReaderText) {
        let model = Fixture.model()
        var reader = ReaderText()
        _ = reader.lines(model)
        return (model, reader)
    }

    @Test func `the beginning says where it is connected and how the cluster is`() {
        var reader = ReaderText()
        let lines = reader.lines(Fixture.model())
        #expect(lines.first == "Connected.")
        #expect(lines.contains { $0.contains("3 of 3 managers, leader mgr-2") })
        #expect(reader.lines(Fixture.model()).isEmpty, "what was said is not said again")
    }

    @Test func `a change is told in words`() {
        var (model, reader) = Self.open()
        let failed = Fixture.task("api", 1, .failed, on: "w01", error: "OOM", version: 31)
        var task = failed
        task.id = "task-api-1-running"
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, task)]), now: Fixture.now)
        let lines = reader.lines(model)
        #expect(lines.contains("BAD task api.1: RUNNING -> FAILED on w01: OOM"))
    }

    @Test func `a lost connection is said`() {
        var (model, reader) = Self.open()
        _ = update(&model, .lost(reason: "the daemon has gone"), now: Fixture.now)
        #expect(
            reader.lines(model).first == "Not connected: the daemon has gone. What was said may be old."
        )
    }

    @Test func `a list is read out when a command leads to it, without pictures`() {
        var (model, reader) = Self.open()
        _ = model.take(line: "nodes", now: Fixture.now)
        let lines = reader.lines(model)
        #expect(lines.contains { $0.contains("w01") && $0.contains("worker") })
        #expect(!lines.joined().contains("\u{1B}"))
    }

    @Test func `a question is asked in words, and only yes makes the change`() {
        var (model, reader) = Self.open()
        #expect(model.take(line: ":scale billing 9", now: Fixture.now).allSatisfy { !$0.changesCluster })
        var lines = reader.lines(model)
        #expect(lines.first == "Scale billing?")
        #expect(lines.last == "Type yes to scale, another number, or no.")
        _ = model.take(line: "12", now: Fixture.now)
        lines = reader.lines(model)
        #expect(lines.contains { $0.contains("[ 12  ]") })
        #expect(model.take(line: "perhaps", now: Fixture.now).allSatisfy { !$0.changesCluster })
        #expect(reader.lines(model).contains { $0.contains("perhaps is no answer") })
        let effects = model.take(line: "yes", now: Fixture.now).filter(\.changesCluster)
        #expect(
            effects == [.scale(request: 1, serviceID: "service-billing", version: 20, replicas: 12)]
        )
    }

    @Test func `no ends the question`() {
        var (model, _) = Self.open()
        _ = model.take(line: "drain w01", now: Fixture.now)
        #expect(model.isAsking)
        _ = model.take(line: "no", now: Fixture.now)
        #expect(!model.isAsking)
    }

    @Test func `what cannot be undone needs the name`() {
        var (model, reader) = Self.open()
        _ = model.take(line: "rm cache", now: Fixture.now)
        #expect(reader.lines(model).last == "Type cache to go on, or no.")
        #expect(model.take(line: "yes", now: Fixture.now).allSatisfy { !$0.changesCluster })
        #expect(model.take(line: "cache", now: Fixture.now).contains { $0.changesCluster })
    }

    @Test func `a replayed console changes nothing and says why`() {
        var model = Fixture.model()
        model.isReplay = true
        model.press(.down)
        model.type("S")
        #expect(model.dialog == nil)
        #expect(model.text.contains("this is a recording"))
        #expect(model.text.contains("REPLAY"))
    }
}
