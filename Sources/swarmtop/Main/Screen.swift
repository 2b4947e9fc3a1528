import CNcurses
import ConsoleCore
import Glibc

/// The painter: gives each frame to ncurses, which writes the difference into a memory file, and sends that
/// to the terminal in one `write`.
///
/// ncurses by itself writes each changed row on its own, which tears over ssh. The marks of synchronized
/// output around a frame let terminals that know them show it at once; others ignore them.
@MainActor
final class Screen {
    private static let frameBegin = Array("\u{1B}[?2026h".utf8)
    private static let frameEnd = Array("\u{1B}[?2026l".utf8)
    private static let pasteOn = "\u{1B}[?2004h"
    private static let pasteOff = "\u{1B}[?2004l"
    /// Buttons and the wheel, in reports of any size of screen.
    private static let mouseOn = "\u{1B}[?1000h\u{1B}[?1006h"
    private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1000l"
    /// Terminals are tried in this order when the system knows nothing about $TERM.
    private static let substitutes = ["xterm-256color", "vt100"]

    private let file: Int32
    private var attributes: [Style: (attributes: attr_t, pair: Int32)] = [:]
    private var theme = Theme.standard
    private var cursorShown = true
    private let mouse: Bool
    /// Goes to the terminal with the next frame, in the same write.
    private var clipboard: [UInt8] = []
    let capabilities: Capabilities
    /// What the operator should know about this terminal.
    let notice: String?
    /// How many colours may be used; none where the operator or the terminal wants none.
    private let colours: Int32
    /// Where the bright forms of colours begin, among a terminal's colours and among our pairs.
    private static let brightOffset: Int32 = 8

    init(_ flags: Flags, size: Size) throws {
        setlocale(LC_ALL, "")
        self.mouse = flags.mouse
        self.file = memfd_create("frame", 1)
        guard self.file >= 0, let out = fdopen(self.file, "w+") else {
            throw Terminal.Failure(description: "cannot make a memory file for frames")
        }
        use_env(false)
        use_tioctl(false)
        self.notice = try Self.open(out)
        let coloured = !flags.noColor && has_colors() && sw_colors() >= 8
        if coloured {
            start_color()
            use_default_colors()
            // The pair of a colour has its number; the background is the terminal's own.
            for colour in Theme.Colour.allCases.map({ Int16($0.rawValue) }) {
                init_pair(colour, colour, -1)
                if sw_colors() >= 16 {
                    init_pair(colour + Int16(Self.brightOffset), colour + Int16(Self.brightOffset), -1)
                }
            }
        }
        self.colours = coloured ? sw_colors() : 0
        self.capabilities = Capabilities(utf8: !flags.ascii && sw_is_utf8() != 0, colour: coloured)
        self.resize(to: size)
        curs_set(0)
        self.cursorShown = false
        self.begin()
    }

    /// Asks for what only an open screen wants of the terminal.
    private func begin() {
        Output.write(Self.pasteOn + (self.mouse ? Self.mouseOn : ""), to: STDOUT_FILENO)
    }

    /// Something waits for the next frame, whether that looks different or not.
    var hasClipboard: Bool { !self.clipboard.isEmpty }

    /// Has the terminal copy `text`.
    func copy(_ text: String) { self.clipboard = Clipboard.sequence(text) }

    /// Opens the terminal type of $TERM or a substitute; returns a notice about the latter.
    private static func open(_ out: UnsafeMutablePointer<FILE>) throws -> String? {
        let wanted = getenv("TERM").map { String(cString: $0) } ?? ""
        if wanted == "dumb" {
            throw Terminal.Failure(description: "TERM=dumb cannot show a screen: use --batch, or --reader")
        }
        if !wanted.isEmpty, sw_newterm(wanted, out) != nil { return nil }
        for substitute in Self.substitutes where sw_newterm(substitute, out) != nil {
            return "TERM \(wanted.isEmpty ? "is not set" : "\(wanted) is unknown here"): using \(substitute)"
        }
        throw Terminal.Failure(description: "no description of the terminal \(wanted): use --batch")
    }

    func resize(to size: Size) { resizeterm(Int32(size.rows), Int32(size.columns)) }

    /// Brings the terminal to show `frame`.
    func paint(_ frame: Frame) {
        if frame.theme != self.theme {
            self.theme = frame.theme
            self.attributes = [:]
        }
        sw_erase()
        for (row, cells) in frame.cells.enumerated() { self.draw(cells, row) }
        if frame.typing != self.cursorShown {
            curs_set(frame.typing ? 1 : 0)
            self.cursorShown = frame.typing
        }
        sw_move(Int32(frame.cursorRow), Int32(frame.cursorColumn))
        sw_stage()
        doupdate()
        self.send(synchronized: true)
    }

    /// Makes the next frame paint every cell.
    func forget() { sw_redraw_all() }

    /// Leaves the terminal as it was found.
    func close() {
        Output.write((self.mouse ? Self.mouseOff : "") + Self.pasteOff, to: STDOUT_FILENO)
        endwin()
        self.send(synchronized: false)
    }

    /// After `close`, takes the terminal again.
    func reopen() {
        self.begin()
        self.forget()
    }

    /// Writes the runs of one style in a row.
    private func draw(_ cells: [Cell], _ row: Int) {
        var text: [wchar_t] = []
        var start = 0
        var column = 0
        var style = cells.first?.style
        for cell in cells {
            if cell.style != style, let current = style {
                self.put(text, row, start, current)
                (text, start, style) = ([], column, cell.style)
            }
            text += cell.text.unicodeScalars.map { wchar_t(bitPattern: $0.value) }
            column += cell.width
        }
        if let style { self.put(text, row, start, style) }
    }

    private func put(_ text: [wchar_t], _ row: Int, _ column: Int, _ style: Style) {
        // Erased cells are blank already.
        if style == Style(), text.allSatisfy({ $0 == 32 }) { return }
        let look = self.look(of: style)
        sw_put(Int32(row), Int32(column), text, Int32(text.count), look.attributes, look.pair)
    }

    private func look(of style: Style) -> (attributes: attr_t, pair: Int32) {
        if let known = self.attributes[style] { return known }
        let look = self.theme.look(of: style)
        let isBright = look.isBright && self.colours > 0
        let hasBright = self.colours >= 2 * Self.brightOffset
        var attributes: attr_t = 0
        if look.isBold || (isBright && !hasBright) { attributes |= SW_A_BOLD }
        if look.isDim { attributes |= SW_A_DIM }
        if style.selected { attributes |= SW_A_REVERSE }
        var pair = self.colours > 0 ? Int32(look.colour?.rawValue ?? 0) : 0
        if pair > 0, isBright, hasBright { pair += Self.brightOffset }
        self.attributes[style] = (attributes, pair)
        return (attributes, pair)
    }

    /// Sends what ncurses wrote.
    private func send(synchronized: Bool) {
        let length = Int(lseek(self.file, 0, SEEK_CUR))
        let clipboard = synchronized ? self.clipboard : []
        guard length > 0 || !clipboard.isEmpty else { return }
        var bytes = [UInt8](repeating: 0, count: length)
        let read = bytes.withUnsafeMutableBytes { pread(self.file, $0.baseAddress, length, 0) }
        ftruncate(self.file, 0)
        lseek(self.file, 0, SEEK_SET)
        guard read > 0 || !clipboard.isEmpty else { return }
        if synchronized { self.clipboard = [] }
        let body = clipboard + bytes.prefix(max(0, read))
        Output.write(
            synchronized ? (Self.frameBegin + body + Self.frameEnd)[...] : body[...],
            to: STDOUT_FILENO
        )
    }
}
