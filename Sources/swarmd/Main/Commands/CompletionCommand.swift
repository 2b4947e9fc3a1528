import ArgumentParser

/// `swarmd completion`.
struct CompletionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print a completion script for a shell.",
        discussion: "EXAMPLE\n  swarmd completion bash > /etc/bash_completion.d/swarmd"
    )

    @Argument(help: "bash, zsh or fish.") var shell: String

    func run() async throws {
        let shell = try Units.choice(
            self.shell,
            flag: "the shell",
            among: ["bash", "zsh", "fish"].map { ($0, CompletionShell(rawValue: $0)) }
        )
        try Terminal.out(SwarmdCommand.completionScript(for: shell ?? .bash))
    }
}
