import Foundation
import Glibc

/// Starts programs in a terminal.
enum TerminalProgram {
    /// The flag for a session of its own, which Swift's Glibc does not show.
    private static let newSession: Int16 = 0x80

    /// Starts `arguments` as the leader of a session whose terminal is `name`.
    ///
    /// The first terminal that a session's leader opens becomes its controlling one.
    static func spawn(_ arguments: [String], environment: [String: String], on name: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
        for descriptor in Self.otherDescriptors { posix_spawn_file_actions_addclose(&actions, descriptor) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let signals = Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, Self.newSession | signals)

        let words = arguments.map { strdup($0) }
        let variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
        defer { for text in words + variables { free(text) } }
        var child: pid_t = 0
        let failure = posix_spawnp(
            &child,
            arguments[0],
            &actions,
            &attributes,
            words + [nil],
            variables + [nil]
        )
        guard failure == 0 else {
            throw PseudoTerminal.Failure(text: "\(arguments[0]) does not start: \(failure)")
        }
        return child
    }

    /// What the program must not inherit: somebody may wait for the last holder of a pipe to close it.
    ///
    /// A few more than are open, for those that other threads open meanwhile.
    private static var otherDescriptors: Range<Int32> {
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let first = STDERR_FILENO + 1
        return first..<(open.compactMap(Int32.init).reduce(first, max) + 64)
    }
}
