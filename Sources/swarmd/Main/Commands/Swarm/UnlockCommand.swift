import ArgumentParser
import ControlClient
import Glibc
import SwarmAPI
import SwiftProtobuf
import Trust

/// `swarmd unlock`.
struct UnlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Give a locked manager its key.",
        discussion: """
            A manager of a cluster with autolock waits after a restart, and runs its tasks meanwhile. The key is \
            asked for and not shown; where standard input is no terminal its first line is the key.

            EXAMPLE
              swarmd unlock < /run/keys/swarm
            """
    )

    @OptionGroup var daemon: SocketOption

    func run() async throws {
        let state = try await self.daemon.connect { try await $0.nodeState() }
        if let refusal = Self.refusal(state) { throw refusal }
        let text = try SecretInput.line(prompt: "Enter unlock key: ")
        // A typing mistake need not travel.
        do throws(UnlockKeyError) { _ = try UnlockKey(parsing: text) } catch {
            throw CommandError("\(error)")
        }
        try await self.daemon.connect { try await $0.unlock(text) }
        try Terminal.out("This manager is unlocked.")
    }

    /// Why nothing is to be opened, before a key is asked for; nil where one is wanted.
    static func refusal(_ state: SwarmdNodeState) -> CommandError? {
        switch state.phase {
        case .locked: nil
        case .inactive: CommandError(NodeLife.Refusals.outside)
        case .pending, .active, .failed, .UNRECOGNIZED: CommandError(NodeLife.Refusals.notLocked)
        }
    }
}

/// `swarmd unlock-key`.
struct UnlockKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock-key",
        abstract: "Show or replace the key of locked managers.",
        discussion: """
            After --rotate keep the old key until every manager has the new one: one that is down still wants \
            the old.
            """
    )

    @OptionGroup var daemon: SocketOption
    @Flag(name: [.customShort("q"), .long], help: "Print the key alone.") var quiet = false
    @Flag(help: "Replace the key by a new one.") var rotate = false

    func run() async throws {
        let rotate = self.rotate
        let bytes = try await self.daemon.connect { client in
            if rotate {
                try await FreshWrite.run {
                    let cluster = try await client.cluster()
                    guard cluster.spec.encryptionConfig.autoLockManagers else { throw Self.missing }
                    _ = try await client.update(cluster, rotating: .with { $0.managerUnlockKey = true })
                }
            }
            return try await client.unlockKey()
        }
        guard let key = UnlockKey(bytes: bytes) else { throw Self.missing }
        if self.quiet { return try Terminal.out(key.text) }
        if rotate { try Terminal.out("The managers' unlock key was replaced.\n") }
        for line in JoinText.unlock(key.text) { try Terminal.out(line) }
    }

    private static let missing = CommandError(
        "no unlock key is set: managers are not locked (`swarmd update --autolock` locks them)"
    )
}

/// Reads a secret that must not show on the screen.
enum SecretInput {
    /// The longest line that is read.
    private static let limit = 1_024

    /// The first line of standard input, asked for with `prompt` and not echoed where that is a terminal.
    static func line(prompt: String) throws(CommandError) -> String {
        guard isatty(0) == 1 else { return try Self.read() }
        var settings = termios()
        guard tcgetattr(0, &settings) == 0 else { return try Self.read() }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        try? Terminal.write(Array(prompt.utf8), to: 2)
        tcsetattr(0, TCSAFLUSH, &silent)
        defer {
            tcsetattr(0, TCSAFLUSH, &settings)
            try? Terminal.write([0x0a], to: 2)
        }
        return try Self.read()
    }

    private static func read() throws(CommandError) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < Self.limit, Glibc.read(0, &byte, 1) == 1, byte != 0x0a { bytes.append(byte) }
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard !text.isEmpty else { throw CommandError("standard input holds no unlock key") }
        return text
    }
}
