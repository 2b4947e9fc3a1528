import ConsoleCore

/// The command line of swarmtop.
///
/// Read by hand: a flag library would bring all of Foundation into a program that has to start at once.
struct Flags: Equatable {
    static let defaultSocket = "/var/run/swarmd.sock"

    var socket: String
    var batch = false
    var json = false
    var readOnly = false
    var ascii = false
    var noColor = false
    var mouse = false
    /// nil where the configuration file tells.
    var theme: Theme?
    /// nil where the configuration file or the environment tells.
    var language: Language?
    /// What the environment asks for.
    private let local: Language
    /// Where to write what the manager tells.
    var record: String?
    /// What to show in place of a manager, and how many times as fast as it was.
    var replay: String?
    var speed = 1.0
    /// Lines in place of pictures.
    var reader = false
    var version = false
    var help = false

    /// A wrong command line, in one line.
    struct Mistake: Error, Equatable {
        var text: String
    }

    /// Reads `arguments` without the program's name.
    init(_ arguments: [String], environment: (String) -> String?) throws {
        let given = environment("SWARM_SOCKET") ?? ""
        self.socket = given.isEmpty ? Self.defaultSocket : given
        self.local = Language(environment: environment)
        self.noColor = !(environment("NO_COLOR") ?? "").isEmpty
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--socket":
                guard let path = rest.popFirst(), !path.isEmpty else {
                    throw Mistake(text: "--socket needs a path")
                }
                self.socket = path
            case _ where argument.hasPrefix("--socket="):
                self.socket = String(argument.dropFirst("--socket=".count))
                if self.socket.isEmpty { throw Mistake(text: "--socket needs a path") }
            case "--theme": self.theme = try Self.theme(rest.popFirst() ?? "")
            case _ where argument.hasPrefix("--theme="):
                self.theme = try Self.theme(String(argument.dropFirst("--theme=".count)))
            case "--lang": self.language = try Self.language(rest.popFirst() ?? "")
            case _ where argument.hasPrefix("--lang="):
                self.language = try Self.language(String(argument.dropFirst("--lang=".count)))
            case "--mouse": self.mouse = true
            case "--batch": self.batch = true
            case "--json": self.json = true
            case "--read-only": self.readOnly = true
            case "--ascii": self.ascii = true
            case "--no-color": self.noColor = true
            case "--reader": self.reader = true
            case "--record", "--replay", "--speed": try self.take(argument, rest.popFirst())
            case "--version": self.version = true
            case "--help", "-h": self.help = true
            default: throw Mistake(text: "unknown argument \(argument); see swarmtop --help")
            }
        }
        if self.json, !self.batch { throw Mistake(text: "--json needs --batch") }
        try self.checkTogether()
        // The path may be written as docker's hosts are.
        if self.socket.hasPrefix("unix://") { self.socket = String(self.socket.dropFirst("unix://".count)) }
    }

    private static func theme(_ name: String) throws -> Theme {
        guard !name.isEmpty else { throw Mistake(text: "--theme needs a name: \(Theme.choices)") }
        guard let theme = Theme(named: name) else {
            throw Mistake(text: "no theme '\(name)': choose \(Theme.choices)")
        }
        return theme
    }

    private static func language(_ name: String) throws -> Language {
        guard !name.isEmpty else { throw Mistake(text: "--lang needs a language: \(Language.choices)") }
        guard let language = Language(rawValue: name) else {
            throw Mistake(text: "no language '\(name)': choose \(Language.choices)")
        }
        return language
    }

    /// The flags with what the configuration says where they say nothing; returns the settings that hold.
    mutating func take(_ settings: Settings) -> Settings {
        var settings = settings
        settings.theme = self.theme ?? settings.theme
        self.theme = settings.theme
        self.mouse = self.mouse || settings.mouse
        self.ascii = self.ascii || settings.ascii
        settings.language = self.language ?? settings.language ?? self.local
        self.language = settings.language
        return settings
    }

    private mutating func take(_ flag: String, _ value: String?) throws {
        guard let value, !value.isEmpty else {
            throw Mistake(text: flag == "--speed" ? "--speed needs a number" : "\(flag) needs a file")
        }
        switch flag {
        case "--record": self.record = value
        case "--replay": self.replay = value
        default:
            guard let speed = Double(value), (0.01...1000).contains(speed) else {
                throw Mistake(text: "--speed \(value): give a number from 0.01 to 1000")
            }
            self.speed = speed
        }
    }

    /// Refuses flags that contradict each other.
    private func checkTogether() throws {
        if self.replay != nil, self.record != nil {
            throw Mistake(text: "--record and --replay exclude each other")
        }
        if self.batch, self.replay != nil || self.record != nil || self.reader {
            throw Mistake(text: "--batch goes with neither --record, --replay nor --reader")
        }
        if self.speed != 1, self.replay == nil { throw Mistake(text: "--speed needs --replay") }
    }

    static let usage = """
        Usage: swarmtop [--socket PATH] [--batch [--json]] [--reader] [--read-only] [--ascii] [--no-color]
                        [--theme NAME] [--lang LANG] [--mouse] [--record FILE | --replay FILE [--speed N]]

        Shows a swarm live and changes it. Connects to the manager on this machine.

          --socket PATH  the manager's socket (default: $SWARM_SOCKET, else \(Self.defaultSocket))
          --batch        print one frame as plain text and exit
          --json         with --batch: print it as JSON, whose names are stable
          --reader       for screen readers: changes as lines, commands typed as lines
          --record FILE  write what the manager tells into FILE, without keys and tokens
          --replay FILE  show a recording in place of a manager
          --speed N      with --replay: N times as fast
          --read-only    never change anything
          --ascii        draw with ASCII only
          --no-color     no colours; so does NO_COLOR in the environment
          --theme NAME   \(Theme.choices)
          --lang LANG    \(Language.choices) (default: the locale's); ASCII speaks English
          --mouse        click selects, the wheel scrolls; the terminal's own selection then needs Shift
          --version      print the version
          --help         print this text

        In the console, ? explains the keys; e edits a spec in $VISUAL, $EDITOR or vi.
        ~/.config/swarmtop/config can set theme, mouse, ascii, lang and keys; its first line is "version = 1".

        """
}
