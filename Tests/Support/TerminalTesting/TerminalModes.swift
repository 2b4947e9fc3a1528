import Glibc

/// How a terminal treats what is typed and written.
package struct TerminalModes: Sendable, Equatable {
    private let flags: [UInt32]
    private let characters: [UInt8]

    init(_ modes: termios) {
        self.flags = [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
        self.characters = withUnsafeBytes(of: modes.c_cc) { Array($0) }
    }

    /// Lines are edited and shown by the terminal, as before and after a program with a screen.
    package var editsLines: Bool { self.flags[3] & UInt32(ICANON | ECHO) == UInt32(ICANON | ECHO) }
}
