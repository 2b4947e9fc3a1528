import ArgumentParser
import ControlClient
import Glibc

/// Runs a command line: parses, runs, and puts every failure into one line on standard error.
enum CommandLineEntry {
    /// Runs `arguments`, which are those after the program's name, and returns the exit code.
    static func run(_ arguments: [String]) async -> Int32 {
        let arguments = Self.takeLeadingSocket(arguments)
        do {
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
                try? Terminal.out(message)
                return 0
            }
            if error is ExitCode { return code.rawValue }
            let line = Self.oneLine(SwarmdCommand.message(for: error))
            Terminal.error("swarmd: \(line) (see `\(Self.path(of: arguments)) --help`)")
        }
        return 1
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
