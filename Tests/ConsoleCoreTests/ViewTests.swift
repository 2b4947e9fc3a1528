import Primitives
import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct ViewTests {
    private static func width(_ row: [Cell]) -> Int { row.reduce(0) { $0 + $1.width } }

    @Test(
        arguments: [1, 2, 5, 10, 20, 40, 59, 60, 72, 80, 99, 100, 119, 120, 160, 300],
        [Language.english, .chinese]
    )
    func `every size is drawn exactly`(columns: Int, language: Language) {
        for rows in [1, 2, 5, 14, 15, 16, 19, 22, 24, 36, 40, 100] {
            for scene in [
                "1", "2", "3", "4", "5", "7", "8", "9", "?", "S", "1D", "3/api", ":q", "9R", "K", "1P", "1M",
                "6", "d", "3d", "3h", "l", "o", "c", "w", "*X", "   S", "e", "p",
            ] {
                var model = Fixture.model(columns: columns, rows: rows)
                model.language = language
                model.type(scene)
                model.press(.down, .down)
                for utf8 in [true, false] {
                    let frame = view(model, model.size, Capabilities(utf8: utf8, colour: true))
                    #expect(frame.cells.count == rows)
                    #expect(frame.cells.allSatisfy { Self.width($0) == columns && $0.count == columns })
                    #expect(
                        (0..<rows).contains(frame.cursorRow) && (0..<columns).contains(frame.cursorColumn)
                    )
                    if !utf8 { #expect(frame.lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x7f } }) }
                }
            }
        }
    }

    @Test(arguments: 0..<40, [Language.english, .chinese])
    func `hostile names keep every row's width`(seed: UInt64, language: Language) {
        var dice = SeededGenerator(seed: seed)
        let pieces = [
            "\u{1B}[2J", "搜", "e\u{301}", "\u{202E}", "\u{0}", "\r\n", "🚀", "\u{200D}", "x", "\u{1100}",
            "\u{1161}", " ",
        ]
        func hostile() -> String {
            (0..<Int.random(in: 1...60, using: &dice)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &dice)]
            }.joined()
        }
        var model = Fixture.model()
        model.language = language
        let tasks = (0..<30).map { index in
            var task = Fixture.task(
                "api",
                UInt64(index),
                .failed,
                on: "w01",
                error: hostile(),
                id: "t\(index)"
            )
            task.serviceAnnotations.name = hostile()
            return task
        }
        var services = Fixture.using
        services[0].spec.annotations.name = hostile()
        var secrets = Fixture.secrets
        secrets[0].spec.annotations.name = hostile()
        secrets[1].spec.annotations.labels = [hostile(): hostile()]
        var networks = Fixture.networks
        networks[0].spec.annotations.name = hostile()
        var nodes = Fixture.nodes
        for index in nodes.indices { nodes[index].description_p.hostname = hostile() }
        var trust = Fixture.rotating
        for index in trust.rotation.blockers.indices { trust.rotation.blockers[index].reason = hostile() }
        trust.refusals[0].reason = hostile()
        model.take(trust: trust)
        _ = update(
            &model,
            .listed(
                cluster: nil,
                nodes: nodes,
                services: services,
                tasks: tasks,
                networks: networks,
                secrets: secrets
            ),
            now: Fixture.now
        )
        _ = update(&model, .changed([Fixture.event(.watchActionRemove, tasks[3])]), now: Fixture.now)
        for scene in ["2", "3", "2S", "5", "7", "8", "3h", "2d", "2*R", "1", "9", "1P", "1M", "9R", "1  P"] {
            model.press(.escape)
            model.type(scene)
            let frame = model.screen
            #expect(frame.cells.allSatisfy { Self.width($0) == 80 && $0.count == 80 })
            for line in frame.lines {
                #expect(
                    line.unicodeScalars.allSatisfy {
                        $0.value >= 0x20 && $0.value != 0x7f && $0.value != 0x202e
                    }
                )
            }
            model.press(.escape)
        }
    }

    @Test func `m cycles the picture's forms`() {
        var model = Fixture.model(columns: 120, rows: 40)
        model.type("3")
        var heights: [Int] = []
        for _ in 0..<4 {
            heights.append(Layout(model).map.count)
            model.type("m")
        }
        #expect(heights == [12, 6, 1, 0])
        #expect(Layout(model).map.count == 12)
    }
}

@Suite struct FilterTests {
    private let fields = [("name", "api.1"), ("node", "w01"), ("state", "RUNNING live")]

    @Test(arguments: [
        ("", true), ("api", true), ("API", true), ("web", false), ("!web", true), ("!api", false),
        ("node:w01", true), ("node:api", false), ("!node:w01", false), ("api w01", true), ("api w02", false),
        ("state:live", true), ("image:5.1", false), ("node:", true),
    ])
    func `terms must all hold`(text: String, accepted: Bool) {
        #expect(Filter(text).accepts(self.fields) == accepted)
    }
}

@Suite struct AgesTests {
    @Test(arguments: [
        (0, "0s", 1), (9, "9s", 10), (21, "20s", 30), (59, "50s", 60), (60, "1m", 120), (3599, "59m", 3600),
        (7300, "2h", 10_800), (90_000, "1d", 172_800),
    ])
    func `ages get coarser, and say when they change`(seconds: Int64, text: String, next: Int64) {
        let age = Ages.text(since: Timestamp(seconds: 0), now: Timestamp(seconds: seconds))
        #expect(age.text == text)
        #expect(age.until == Timestamp(seconds: next))
    }
}

@Suite struct BatchTests {
    @Test func `the batch frame has every task in full words and no escapes`() {
        let text = Fixture.model().batchText
        #expect(text.split(separator: "\n").count { $0.contains("RUNNING   RUNNING   ") } == 27)
        #expect(text.contains("prod-eu1   WARN   quorum 3/3   leader mgr-2   term 42"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test func `JSON quotes what a name may hold`() {
        var model = Fixture.model()
        var service = Fixture.services[0]
        service.spec.annotations.name = "a\"b\\c\u{1}\n"
        _ = update(
            &model,
            .listed(cluster: nil, nodes: [], services: [service], tasks: []),
            now: Fixture.now
        )
        #expect(
            model.batchJSON.contains(#""name":"a\"b\\c\u0001\n","mode":"replicated","running":0,"wanted":12"#)
        )
    }
}
