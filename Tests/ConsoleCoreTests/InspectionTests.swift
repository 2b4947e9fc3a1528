import FoundationEssentials
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ConsoleCore

@Suite struct InspectionTests {
    private static func open(_ keys: String = "d") -> Model {
        var model = Fixture.model()
        model.press(.down)
        model.type(keys)
        model.answer(.object(Fixture.full("billing")))
        return model
    }

    @Test func `d asks for the object, and shows it when it comes`() {
        var model = Fixture.model()
        model.press(.down)
        #expect(model.type("d") == [.inspect(request: 1, object: ObjectKey(.service, "service-billing"))])
        #expect(model.text.contains("asking the manager"))
        model.answer(.object(Fixture.full("billing")))
        #expect(model.text.contains("3 of 4 tasks"))
        #expect(model.text.contains("version 20"))
        model.press(.escape)
        #expect(model.selected == "service-billing")
    }

    @Test func `the reason of a task is whole, however long`() {
        var model = Fixture.model()
        model.type("3d")
        let reason = (1...40).map { "word\($0)" }.joined(separator: " ")
        let task = Fixture.task("billing", 4, .pending, error: reason, version: 99)
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, task)]), now: Fixture.now)
        model.answer(.object(.with { $0.task = task }))
        let words = model.lines.map(\.text).joined(separator: " ").split(separator: " ").joined(
            separator: " "
        )
        #expect(words.contains(reason))
    }

    @Test func `a change of the object changes its page, and an older one does not`() {
        var model = Self.open("y")
        var service = Fixture.service("billing", 9, age: 0, version: 30)
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, service)]), now: Fixture.now)
        #expect(model.text.contains("version 30"))
        #expect(model.page.inspection?.lines(model).contains { $0.text.contains("replicas: 9") } == true)
        service.meta.version.index = 25
        service.spec.replicated.replicas = 2
        _ = update(&model, .changed([Fixture.event(.watchActionUpdate, service)]), now: Fixture.now)
        #expect(model.text.contains("version 30"))
        _ = update(&model, .changed([Fixture.event(.watchActionRemove, service)]), now: Fixture.now)
        #expect(model.text.contains("REMOVED"))
    }

    @Test func `a new listing asks for the object again`() {
        var model = Self.open()
        let listing = Message.listed(
            cluster: nil,
            nodes: Fixture.nodes,
            services: Fixture.services,
            tasks: Fixture.tasks
        )
        let effects = update(&model, listing, now: Fixture.now)
        #expect(effects == [.inspect(request: 2, object: ObjectKey(.service, "service-billing"))])
    }

    @Test func `an object that is gone says so, and an answer for a page that was left is dropped`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("d")
        _ = update(
            &model,
            .finished(request: 1, .failed("service service-billing not found")),
            now: Fixture.now
        )
        #expect(model.text.contains("cannot be shown: service service-billing not found"))
        var left = Fixture.model()
        left.type("d")
        left.press(.escape)
        _ = update(&left, .finished(request: 1, .object(Fixture.full("billing"))), now: Fixture.now)
        #expect(left.flash == nil)
    }

    @Test func `y writes YAML, then JSON, and d describes again`() {
        var model = Self.open("y")
        #expect(model.text.contains(#"- "NOTE=two\nlines""#))
        #expect(model.text.contains("billing > yaml"))
        model.type("y")
        #expect(model.text.contains(#""id": "service-billing","#))
        model.type("d")
        #expect(model.text.contains("billing > describe"))
    }

    @Test func `what a secret holds is never shown, whoever sends it`() {
        var model = Fixture.model()
        var inspection = Inspection(ObjectKey(.secret, "s1"), .yaml)
        inspection.take(
            .with {
                $0.secret.id = "s1"
                $0.secret.spec.annotations.name = "password"
                $0.secret.spec.data = .init("hunter2".utf8)
            }
        )
        for form in Inspection.Form.allCases {
            inspection.form = form
            let text = inspection.lines(model).map(\.text).joined(separator: "\n")
            #expect(text.contains("password"))
            #expect(!text.contains("aHVudGVyMg"))
            #expect(!text.contains("hunter2"))
        }
        model.type("q")
    }

    @Test func `a text is searched as one types, and n and N go round`() {
        var model = Self.open("y")
        model.type("/image")
        let first = model.page.pane.hit
        #expect(first != nil)
        model.press(.enter)
        model.type("n")
        #expect(model.page.pane.hit != first)
        model.type("N")
        #expect(model.page.pane.hit == first)
        model.type("/zzz")
        #expect(model.page.pane.hit == nil)
        model.press(.escape)
        #expect(model.page.pane.query.isEmpty)
        #expect(model.pages.count == 2)
    }

    @Test func `labels keep their names in a description`() {
        let text = Self.open().page.inspection.map { Describe.fields($0.tree ?? .list([])) } ?? []
        #expect(text.contains { $0.text.contains("swarmd.cron") })
        #expect(text.contains { $0.text.hasPrefix("  ") && $0.text.contains("zone") })
        #expect(text.contains { $0.text.contains("1500000000  (1.5 cpus)") })
        #expect(text.contains { $0.text.contains("2147483648  (2.0G)") })
    }

    @Test func `h lists what ran in the slot, the newest first, and the arrows go to its neighbours`() {
        var model = Fixture.model()
        model.type("3/search state:starting")
        model.press(.enter)
        model.type("h")
        #expect(model.rows == ["task-search-4-starting", "task-search-4-failed"])
        #expect(model.text.contains("Services > search > slot 4"))
        #expect(model.text.contains("137"))
        model.press(.right)
        #expect(model.text.contains("slot 5"))
        model.press(.right, .right, .right)
        #expect(model.text.contains("slot 6"))
        model.press(.escape)
        #expect(model.page.filter.text == "search state:starting")
    }

    @Test func `h on a service shows the slot that is in trouble`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("h")
        #expect(model.text.contains("Services > billing > slot 4"))
        var global = Fixture.model()
        global.press(.down, .down, .down)
        global.type("h")
        #expect(global.text.contains("Services > edge > slot w07"))
    }
}

@Suite struct TreeTests {
    @Test(arguments: [
        (#"{"a":[1,{"b":"x"}],"c":{}}"#, ["a:", "  - 1", "  - b: x", "c: {}"]),
        (#"{"t":"no","u":"a: b","v":"-1","w":"ü/1"}"#, [#"t: "no""#, #"u: "a: b""#, #"v: "-1""#, "w: ü/1"]),
        (#"{"e":"\u00e9\"\\\n"}"#, [#"e: "é\"\\\n""#]),
    ])
    func `YAML means what the JSON did`(json: String, yaml: [String]) {
        #expect(Tree(json: json)?.yaml.map(\.text) == yaml)
    }

    @Test func `JSON is written with two blanks a level`() {
        let lines = Tree(json: #"{"a":[1,2],"b":{"c":[]}}"#)?.json.map(\.text)
        #expect(
            lines == [
                "{", "  \"a\": [", "    1,", "    2", "  ],", "  \"b\": {", "    \"c\": []", "  }", "}",
            ]
        )
    }

    @Test(arguments: ["", "{", "[1", #"{"a"}"#, #"{"a":}"#, #""x"#])
    func `what is no JSON is no tree`(json: String) { _ = Tree(json: json) }
}
