import ArgumentParser
import ControlClient
import Glibc

/// Runs a command line: parses, runs, and puts every failure into one line on standard error.
enum CommandLineEntry {
    /// Runs `arguments`, which are those after the program's name, and returns the exit code.
    static func run(_ arguments: [String]) async -> Int32 {
        let arguments = Self.takeLeadingSocket(arguments)
        if let verb = UnknownVerb(in: arguments) {
            Terminal.error("swarmd: \(Self.oneLine(verb.description))")
            return 1
        }
        do {
            try Self.refuseEmptySwitches(arguments)
            var command = try SwarmdCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return Self.report(error, arguments)
        }
    }

    /// Lets `--socket` stand before the command, where docker's own global flags stand.
    private static func takeLeadingSocket(_ arguments: [String]) -> [String] {
        guard let first = arguments.first else { return arguments }
        if first == "--socket", arguments.count >= 2 {
            setenv(SocketOption.variable, arguments[1], 1)
            return Array(arguments.dropFirst(2))
        }
        if first.hasPrefix("--socket=") {
            setenv(SocketOption.variable, String(first.dropFirst("--socket=".count)), 1)
            return Array(arguments.dropFirst())
        }
        return arguments
    }

    /// Refuses `--autolock=`, which the parser takes for the flag alone.
    private static func refuseEmptySwitches(_ arguments: [String]) throws(CommandError) {
        for flag in ["--autolock"] where arguments.contains("\(flag)=") {
            throw .flag(flag, "", "give true or false")
        }
    }

    private static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
        switch error {
        case is ReportedFailure, is Terminal.Closed, is CancellationError: return 1
        case let error as ControlError: Terminal.error("swarmd: \(Self.oneLine(error.description))")
        case let error as CommandError: Terminal.error("swarmd: \(Self.oneLine(error.description))")
        default:
            let code = SwarmdCommand.exitCode(for: error)
            let message = SwarmdCommand.fullMessage(for: error)
            if code.isSuccess {
                // The text of --help, --version or a completion script.
                try? Terminal.out(HelpText.printed(message))
                return 0
            }
            if error is ExitCode { return code.rawValue }
            let line = Self.oneLine(SwarmdCommand.message(for: error)) + Self.hint(error, arguments)
            Terminal.error("swarmd: \(line) (see `\(Self.path(of: arguments)) --help`)")
        }
        return 1
    }

    /// What to type where a value was taken for a flag: `--flag -1` misses a value, and `--flag=-1` has it.
    private static func hint(_ error: any Error, _ arguments: [String]) -> String {
        let message = SwarmdCommand.message(for: error)
        guard message.contains("Missing value for '") else { return "" }
        let pairs = zip(arguments, arguments.dropFirst())
        let pair = pairs.first { flag, value in
            flag.hasPrefix("-") && value.hasPrefix("-") && message.contains("'\(flag) ")
                && !value.hasPrefix("--")
        }
        return pair.map { "; a value that begins with - is given as \($0)=\($1)" } ?? ""
    }

    private static func oneLine(_ text: String) -> String {
        TextTable.plain(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    /// The command that the arguments name, as far as they name one.
    static func path(of arguments: [String]) -> String {
        var path = ["swarmd"]
        var children: [any ParsableCommand.Type] = SwarmdCommand.configuration.subcommands
        for argument in arguments {
            let match = children.first {
                $0._commandName == argument || $0.configuration.aliases.contains(argument)
            }
            guard let match else { break }
            path.append(match._commandName)
            children = match.configuration.subcommands
        }
        return path.joined(separator: " ")
    }
}
