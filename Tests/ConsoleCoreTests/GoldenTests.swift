import Foundation
import Primitives
import SwarmAPI
import Testing

@testable import ConsoleCore

/// Whole screens as text files: reviewed like code, rewritten with UPDATE_GOLDEN=1.
@Suite struct GoldenTests {
    /// A screen that has a file.
    struct Scene: Sendable, CustomTestStringConvertible {
        var name: String
        var columns = 80
        var rows = 24
        var utf8 = false
        /// A second picture with a letter for each cell's meaning.
        var roles = false
        var language = Language.english
        var prepare: @Sendable (inout Model) -> Void = { _ in }

        var testDescription: String { self.file }
        var file: String {
            var name = "\(self.name)-\(self.columns)x\(self.rows)-\(self.utf8 ? "utf8" : "ascii")"
            if self.roles { name += "-colour" }
            if self.language != .english { name += "-\(self.language.rawValue)" }
            return name + ".txt"
        }
    }

    /// What is kept in Chinese too: each of the views, and the main dialogs.
    static let chinese: Set<String> = [
        "nodes", "services", "tasks", "raft", "certificates", "events", "logs", "secrets", "networks",
        "rotation", "tasks-of-service", "history", "stale", "help", "menu", "menu-node", "jobs", "sort-menu",
        "scale", "drain", "promote", "demote", "demote-refused", "rotate", "keys-shown", "roll", "roll-back",
        "remove-service", "remove-node", "transfer", "preview-drain", "preview-scale", "drain-several",
        "edit",
        "undo", "describe-task",
    ]

    static let scenes: [Scene] = {
        let views: [(String, @Sendable (inout Model) -> Void)] = [
            ("nodes", { $0.type("1") }),
            ("services", { $0.press(.down) }),
            ("tasks", { $0.type("3") }),
            ("raft", { $0.type("4") }),
            ("certificates", { $0.type("9") }),
            (
                "rotation",
                {
                    $0.take(trust: Fixture.rotating); $0.type("9"); $0.press(.end)
                }
            ),
            (
                "rotate",
                {
                    $0.type("9R"); $0.type("prod-e")
                }
            ),
            ("keys", { $0.type("KW") }),
            (
                "keys-shown",
                {
                    $0.type("Kw"); $0.answer(.keys(Fixture.keys, version: 70))
                }
            ),
            (
                "promote",
                {
                    $0.type("1"); $0.press(.down, .down, .down); $0.type("P")
                }
            ),
            ("demote", { $0.type("1M") }),
            (
                "demote-refused",
                {
                    $0.lose("mgr-3"); $0.type("1M")
                }
            ),
            ("tasks-of-service", { $0.press(.down, .down, .down, .down, .enter, .down, .down, .down) }),
            (
                "tasks-of-node",
                {
                    $0.type("1"); $0.press(.down, .down, .down, .enter)
                }
            ),
            (
                "scale",
                {
                    $0.press(.down); $0.type("S15")
                }
            ),
            (
                "drain",
                {
                    $0.type("1"); $0.press(.down, .down, .down); $0.type("D")
                }
            ),
            (
                "stale",
                {
                    _ = update(&$0, .lost(reason: "the daemon has gone"), now: Fixture.now + .seconds(1))
                    _ = update(&$0, .tick, now: Fixture.now + .seconds(9))
                }
            ),
            ("menu", { $0.press(.down, .character("a"), .down) }),
            (
                "menu-node",
                {
                    $0.type("1"); $0.press(.end, .character("a"))
                }
            ),
            ("roll", { $0.press(.down, .character("R")) }),
            ("roll-back", { $0.press(.down, .character("B")) }),
            (
                "remove-service",
                {
                    $0.press(.down); $0.type("Xbill")
                }
            ),
            (
                "remove-node",
                {
                    $0.type("1"); $0.press(.end); $0.type("X")
                }
            ),
            ("jobs", { $0.type("z") }),
            (
                "undo",
                {
                    $0.press(.down); $0.type("S15y"); $0.answer(.done);
                    let scaled = Fixture.service("billing", 15, age: 0, version: 21)
                    let event = Fixture.event(.watchActionUpdate, scaled)
                    _ = update(&$0, .changed([event]), now: Fixture.now)
                    $0.type("u")
                }
            ),
            ("help", { $0.type("?") }),
            ("filter", { $0.type("3/state:running !api") }),
            (
                "stage",
                {
                    $0.type("3"); $0.press(.right, .right)
                }
            ),
        ]
        var scenes: [Scene] = []
        for (name, prepare) in views + ListScenes.views + ObjectScenes.views + EventScenes.views
            + LogScenes.views + EditScenes.views + MarkScenes.views + CommandScenes.views
            + PatternScenes.views + UndoScenes.views + CopyScenes.views + TransferScenes.views
            + PreviewScenes.views
        {
            scenes.append(Scene(name: name, prepare: prepare))
            scenes.append(Scene(name: name, utf8: true, roles: true, prepare: prepare))
            scenes.append(Scene(name: name, columns: 120, rows: 40, prepare: prepare))
            scenes.append(
                Scene(name: name, columns: 120, rows: 40, utf8: true, roles: true, prepare: prepare)
            )
            guard Self.chinese.contains(name) else { continue }
            for (columns, rows) in [(80, 24), (120, 40)] {
                scenes.append(
                    Scene(
                        name: name,
                        columns: columns,
                        rows: rows,
                        utf8: true,
                        language: .chinese,
                        prepare: prepare
                    )
                )
            }
        }
        scenes.append(
            Scene(name: "conflict", utf8: true) { model in
                model.press(.down)
                guard case .scale(let request, _, _, _)? = model.type("S15y").last else { return }
                _ = update(
                    &model,
                    .finished(request: request, .conflict(version: 99, now: .replicas(7))),
                    now: Fixture.now
                )
            }
        )
        scenes.append(Scene(name: "tiny", columns: 50, rows: 10))
        scenes.append(Scene(name: "small", columns: 60, rows: 15))
        return scenes
    }()

    @Test(arguments: GoldenTests.scenes)
    func `a screen is as it was`(scene: Scene) throws {
        var model = Fixture.model(columns: scene.columns, rows: scene.rows)
        model.language = scene.language
        scene.prepare(&model)
        let frame = view(model, model.size, Capabilities(utf8: scene.utf8, colour: scene.roles))
        let text = Self.text(frame, roles: scene.roles)
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
        let file = folder.appending(path: scene.file)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test func `an unconnected console says so`() {
        let model = Model(
            size: Size(columns: 80, rows: 24),
            readOnly: false,
            socket: "/run/swarmd.sock",
            now: Fixture.now
        )
        let text = view(model, model.size, Capabilities(utf8: true, colour: true)).lines
        #expect(text[0].hasSuffix("CONNECTING"))
        #expect(text[4].contains("connecting to /run/swarmd.sock"))
    }

    @Test func `colour changes no text`() {
        let model = Fixture.model()
        let mono = view(model, model.size, Capabilities(utf8: true, colour: false))
        let colour = view(model, model.size, Capabilities(utf8: true, colour: true))
        #expect(mono.lines == colour.lines)
    }

    private static func text(_ frame: Frame, roles: Bool) -> String {
        let rule = "+" + String(repeating: "-", count: frame.size.columns) + "+"
        var lines = [rule] + frame.lines.map { "|\($0)|" } + [rule]
        if roles {
            let letters: [Style.Role: String] = [
                .normal: " ", .title: "T", .heading: "H", .good: "g", .waiting: "w", .moving: "m", .bad: "B",
                .muted: ".", .key: "K", .border: "-",
            ]
            lines += frame.cells.map { row in
                "|" + row.map { $0.style.selected ? "#" : letters[$0.style.role] ?? "?" }.joined() + "|"
            }
            lines.append(rule)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
