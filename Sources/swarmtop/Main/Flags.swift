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
            case "--mouse": self.mouse = true
            case "--batch": self.batch = true
            case "--json": self.json = true
            case "--read-only": self.readOnly = true
            case "--ascii": self.ascii = true
            case "--no-color": self.noColor = true
            case "--version": self.version = true
            case "--help", "-h": self.help = true
            default: throw Mistake(text: "unknown argument \(argument); see swarmtop --help")
            }
        }
        if self.json, !self.batch { throw Mistake(text: "--json needs --batch") }
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

    /// The flags with what the configuration says where they say nothing; returns the settings that hold.
    mutating func take(_ settings: Settings) -> Settings {
        var settings = settings
        settings.theme = self.theme ?? settings.theme
        self.theme = settings.theme
        self.mouse = self.mouse || settings.mouse
        self.ascii = self.ascii || settings.ascii
        return settings
    }

    static let usage = """
        Usage: swarmtop [--socket PATH] [--batch [--json]] [--read-only] [--ascii] [--no-color]
                        [--theme NAME] [--mouse]

        Shows a swarm live and changes it. Connects to the manager on this machine.

          --socket PATH  the manager's socket (default: $SWARM_SOCKET, else \(Self.defaultSocket))
          --batch        print one frame as plain text and exit
          --json         with --batch: print it as JSON, whose names are stable
          --read-only    never change anything
          --ascii        draw with ASCII only
          --no-color     no colours; so does NO_COLOR in the environment
          --theme NAME   \(Theme.choices)
          --mouse        click selects, the wheel scrolls; the terminal's own selection then needs Shift
          --version      print the version
          --help         print this text

        In the console, ? explains the keys; e edits a spec in $VISUAL, $EDITOR or vi.
        ~/.config/swarmtop/config can set theme, mouse, ascii and keys; its first line is "version = 1".

        """
}
