import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct CommandTests {
    private static func command(_ model: Model) -> String? {
        if case .command(let text) = model.mode { return text }
        return nil
    }

    @Test(arguments: [
        ("service scale web=5", "scale web 5"), ("swarmd service rm web", "rm web"),
        ("service update --force web", "roll web"), ("node update --availability drain w01", "drain w01"),
        ("ca --rotate", "rotate ca"), ("service ls", "services"), ("scale web 5", "scale web 5"),
        ("nonsense here", "nonsense here"),
    ])
    func `the command line's verbs mean the console's`(typed: String, short: String) {
        let words = typed.split(separator: " ").map(String.init)
        #expect(CommandWords.normalized(words).joined(separator: " ") == short)
    }

    @Test func `a verb of the command line opens the same dialog`() {
        var model = Fixture.model()
        model.type(":service scale cache=9")
        model.press(.enter)
        #expect(model.type("y") == [.scale(request: 1, serviceID: "service-cache", version: 20, replicas: 9)])
    }

    @Test func `Tab completes what is not in doubt, and names the rest`() {
        var model = Fixture.model()
        model.type(":sca")
        model.press(.tab)
        #expect(Self.command(model) == "scale ")
        model.type("bi")
        model.press(.tab)
        #expect(Self.command(model) == "scale billing ")
        model.press(.control("u"))
        model.type("dr")
        model.press(.tab)
        model.type("w0")
        model.press(.tab)
        #expect(Self.command(model) == "drain w0")
        #expect(model.text.contains("w01  w02  w03  w07"))
        model.press(.control("u"))
        model.type("node up")
        model.press(.tab, .tab)
        #expect(Self.command(model) == "node update --availability ")
    }

    @Test func `the arrows recall what was typed before`() {
        var model = Fixture.model()
        model.type(":nodes")
        model.press(.enter)
        model.type(":services")
        model.press(.enter)
        model.type(":")
        model.press(.up)
        #expect(Self.command(model) == "services")
        model.press(.up, .up)
        #expect(Self.command(model) == "nodes")
        model.press(.down, .down)
        #expect(Self.command(model)?.isEmpty == true)
    }

    @Test func `commands lead to logs, tasks and descriptions by name`() {
        var model = Fixture.model()
        model.type(":logs cache")
        let source = LogSource(kind: .service, id: "service-cache")
        #expect(model.press(.enter) == [.followLogs(stream: 1, source: source, since: nil)])
        var node = Fixture.model()
        node.type(":describe w01")
        #expect(node.press(.enter) == [.inspect(request: 1, object: ObjectKey(.node, "node-w01"))])
        var none = Fixture.model()
        none.type(":ps nothing")
        none.press(.enter)
        #expect(none.text.contains("no service or node named nothing"))
    }

    @Test func `where nothing matches, what comes near is found and marked so`() {
        var model = Fixture.model()
        model.type("/blng")
        #expect(model.rows == ["service-billing"])
        #expect(model.text.contains("(near)"))
        model.press(.escape)
        model.type("/e")
        #expect(model.rows.count == 3 || !model.text.contains("(near)"))
        model.press(.escape)
        model.type("/zzz")
        #expect(model.rows.isEmpty)
        #expect(!model.text.contains("(near)"))
    }
}

/// Screens of a command being typed.
enum CommandScenes {
    static let views: [ListScenes.View] = [
        (
            "command",
            {
                $0.type(":drain w"); $0.press(.tab, .tab)
            }
        ), ("near", { $0.type("/blng") }),
    ]
}
