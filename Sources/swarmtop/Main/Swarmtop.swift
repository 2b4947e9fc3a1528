import Glibc

/// The console of a swarm.
@main
struct Swarmtop {
    static let version = "0.1.0"

    @MainActor
    static func main() async {
        do {
            let flags = try Flags(Array(CommandLine.arguments.dropFirst())) { name in
                getenv(name).map { String(cString: $0) }
            }
            exit(await Self.run(flags))
        } catch let mistake as Flags.Mistake {
            Self.complain(mistake.text)
        } catch {
            Self.complain("\(error)")
        }
        exit(1)
    }

    @MainActor
    private static func run(_ flags: Flags) async -> Int32 {
        if flags.help {
            Output.write(Flags.usage, to: STDOUT_FILENO)
            return 0
        }
        if flags.version {
            Output.write("swarmtop \(Self.version)\n", to: STDOUT_FILENO)
            return 0
        }
        if flags.batch {
            do {
                Output.write(try await Batch.frame(flags), to: STDOUT_FILENO)
                return 0
            } catch {
                Self.complain("\(error)")
                return 1
            }
        }
        let files = OperatorFiles { name in getenv(name).map { String(cString: $0) } }
        if flags.reader {
            do {
                return await (try ReaderConsole(flags, files: files)).run()
            } catch {
                Self.complain("\(error)")
                return 1
            }
        }
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            Self.complain("this is no terminal: use --batch for one frame of plain text, --reader for lines")
            return 1
        }
        do {
            return await (try Console(flags, files: files)).run()
        } catch {
            Self.complain("\(error)")
            return 1
        }
    }

    private static func complain(_ text: String) {
        Output.write("swarmtop: \(text)\n", to: STDERR_FILENO)
    }
}

/// Writes to a descriptor without a buffer between.
enum Output {
    /// Writes all of `text`; gives up where nobody reads any more.
    static func write(_ text: String, to descriptor: Int32) {
        Self.write(Array(text.utf8)[...], to: descriptor)
    }

    static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) {
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&waiting, 1, Self.patience) > 0 else { return }
            } else if errno != EINTR {
                return
            }
        }
    }

    /// How many milliseconds a full terminal is waited for.
    private static let patience: Int32 = 5000
}
