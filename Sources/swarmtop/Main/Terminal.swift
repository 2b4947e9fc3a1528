import CNcurses
import ConsoleCore
import Glibc

/// The operator's terminal: its modes, its size, and how to give it back as it was.
@MainActor
final class Terminal {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let original: termios
    private var isRaw = false

    /// Remembers the terminal's modes and makes it give every key at once.
    init() throws {
        var modes = termios()
        guard tcgetattr(STDIN_FILENO, &modes) == 0 else {
            throw Failure(description: "cannot read the terminal's modes")
        }
        self.original = modes
        self.makeRaw()
    }

    func makeRaw() {
        var modes = self.original
        modes.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        modes.c_iflag &= ~tcflag_t(ICRNL | INLCR | IXON | ISTRIP)
        withUnsafeMutableBytes(of: &modes.c_cc) { codes in
            codes[Int(VMIN)] = 1
            codes[Int(VTIME)] = 0
        }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
        withUnsafePointer(to: self.original) { sw_arm($0) }
        self.isRaw = true
    }

    /// Gives the modes back.
    func restore() {
        guard self.isRaw else { return }
        self.isRaw = false
        sw_disarm()
        withUnsafePointer(to: self.original) { modes in _ = tcsetattr(STDIN_FILENO, TCSADRAIN, modes) }
    }

    /// The window's size; 80x24 where the terminal does not say.
    var size: Size {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard sw_window_size(STDOUT_FILENO, &columns, &rows) != 0 else { return Size(columns: 80, rows: 24) }
        return Size(columns: Int(columns), rows: Int(rows))
    }
}
