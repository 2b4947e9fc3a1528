import Primitives
import Testing

@testable import ConsoleCore

@Suite struct SettingsTests {
    private static func read(_ lines: String...) -> Settings {
        Settings(lines.joined(separator: "\n"), file: "config")
    }

    @Test func `a file sets the theme, the mouse, ASCII and keys`() {
        let settings = Self.read(
            "version = 1",
            "# mine",
            "",
            "theme = light",
            " mouse=on\t",
            "ascii = off\r",
            "key.scale = C"
        )
        #expect(settings.faults.isEmpty)
        #expect(settings.theme == .light)
        #expect(settings.mouse)
        #expect(!settings.ascii)
        #expect(settings.keys.key(of: .scale) == "C")
    }

    @Test(arguments: [
        ("theme = dark", "config:2: no theme 'dark': choose default, bright, light or mono"),
        ("mouse = yes", "config:2: mouse is on or off"),
        ("colour = red", "config:2: no setting 'colour': there are theme, mouse, ascii, lang and key.ACTION"),
        ("lang = fr", "config:2: no language 'fr': choose en or zh"),
        ("mouse", "config:2: write NAME = VALUE"),
        ("key.accept = Enter", "config:2: accept has its key for ever"),
        ("key.quit = x", "config:2: quit has its key for ever"),
        ("key.describe = y", "config:2: key.describe = y is refused: y accepts questions"),
        ("key.describe = Enter", "config:2: key.describe needs one character, not 'Enter'"),
        ("key.describe = 5", "config:2: key.describe = 5 is refused: numbers choose views"),
        (
            "key.scale = s",
            "config:2: key.scale = s is refused: what changes the cluster needs a capital letter"
        ),
        ("key.scale = O", "config:2: key.scale = O is refused: O begins the sequences of keys"),
        ("key.scale = D", "config:2: key.scale = D is refused: availability has that key"),
        ("key.logs = \u{1B}", "config:2: key.logs = \u{1B} is refused: not a letter or a sign of ASCII"),
    ])
    func `what is wrong is said with its line, and the rest holds`(line: String, fault: String) {
        let settings = Self.read("version = 1", line, "theme = light")
        let expected =
            line.hasPrefix("theme") ? [fault, "config:3: theme is said twice: the first holds"] : [fault]
        #expect(settings.faults == expected)
        #expect(settings.keys == KeyMap())
        #expect(settings.theme == (line.hasPrefix("theme") ? .standard : .light))
    }

    @Test func `an action that is not known lists those that are`() {
        let fault = Self.read("version = 1", "key.scal = C").faults.first
        #expect(fault?.hasPrefix("config:2: no action 'scal': there are down up first") == true)
    }

    @Test func `keys may be swapped, and the later of two that clash is refused`() {
        let swapped = Self.read("version = 1", "key.sort = c", "key.columns = o")
        #expect(swapped.faults.isEmpty)
        #expect(swapped.keys.meaning(of: .character("c")) == .character("o"))
        #expect(swapped.keys.meaning(of: .character("o")) == .character("c"))
        let clash = Self.read("version = 1", "key.sort = b", "key.wide = b")
        #expect(clash.faults == ["config:3: key.wide = b is refused: sort has that key"])
        #expect(clash.keys.key(of: .wide) == "w")
    }

    @Test(arguments: [
        ("theme = light", "config:1: the first line must be 'version = 1': nothing of the file is used"),
        (
            "version = 2\ntheme = light",
            "config:1: version 2 is not known here (1 is): nothing of the file is used"
        ),
        ("", "config:1: the first line must be 'version = 1': nothing of the file is used"),
    ])
    func `a file of no known version is not used`(text: String, fault: String) {
        let settings = Settings(text, file: "config")
        #expect(settings.faults == [fault])
        #expect(settings.theme == .standard)
    }

    @Test func `a key that moved does nothing at its old place, and the hints and the help say the new one`()
    {
        var model = Self.model("key.scale = C", "key.logs = f")
        model.type("S")
        #expect(model.dialog == nil)
        #expect(model.text.contains("C:scale"))
        #expect(model.text.contains("f:logs"))
        model.type("C")
        #expect(model.dialog != nil)
        model.press(.escape)
        model.type("a")
        #expect(model.text.contains("C  scale the service"))
        model.type("C")
        #expect(model.dialog != nil)
        model.press(.escape)
        model.type("?")
        let help = HelpView.lines(model).map(\.text)
        #expect(help.contains { $0.hasPrefix("  C ") && $0.contains("scale the service") })
        #expect(help.contains { $0.hasPrefix("  f ") && $0.contains("logs, in place of l") })
    }

    @Test func `rebound letters are still typed as text`() {
        var model = Self.model("key.scale = C", "key.logs = f")
        model.type("/Sfl")
        #expect(model.page.filter.text == "Sfl")
        model.press(.escape)
        model.type(":Sfl")
        #expect(model.mode == .command("Sfl"))
    }

    @Test(arguments: 0..<100)
    func `no file traps, and what changes the cluster stays on capitals`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let words = [
            "key.", "theme", "=", " ", "\n", "scale", "sort", "y", "O", "é", "\u{0}", "on", "C",
            "version = 1",
        ]
        var text = "version = 1\n"
        for _ in 0..<60 { text += words[Int.random(in: 0..<words.count, using: &dice)] }
        for action in Action.allCases {
            text +=
                "\nkey.\(action.rawValue) = \(Array("abcXYZ{}OS[yk")[Int.random(in: 0..<13, using: &dice)])"
        }
        let keys = Settings(text, file: "config").keys
        let all = Action.allCases.map { keys.key(of: $0) }
        #expect(Set(all).count == all.count)
        for action in Action.allCases where action.changesCluster {
            #expect(keys.key(of: action).isUppercase)
        }
        #expect(!all.contains("y"))
    }

    private static func model(_ lines: String...) -> Model {
        let text = (["version = 1"] + lines).joined(separator: "\n")
        var model = Model(
            size: Size(columns: 80, rows: 24),
            readOnly: false,
            socket: "/run/swarmd.sock",
            now: Fixture.now,
            settings: Settings(text, file: "config")
        )
        Fixture.connect(&model)
        return model
    }
}
