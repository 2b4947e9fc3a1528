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

    static let usage = """
        Usage: swarmtop [--socket PATH] [--batch [--json]] [--read-only] [--ascii] [--no-color]

        Shows a swarm live and changes it. Connects to the manager on this machine.

          --socket PATH  the manager's socket (default: $SWARM_SOCKET, else \(Self.defaultSocket))
          --batch        print one frame as plain text and exit
          --json         with --batch: print it as JSON, whose names are stable
          --read-only    never change anything
          --ascii        draw with ASCII only
          --no-color     no colours; so does NO_COLOR in the environment
          --version      print the version
          --help         print this text

        In the console, ? explains the keys; e edits a spec in $VISUAL, $EDITOR or vi.

        """
}
