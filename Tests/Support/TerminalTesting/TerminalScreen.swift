/// What a person would see: a terminal that reads a program's output and draws it into cells.
///
/// It knows what xterm's description in terminfo tells programs to send. Anything else is kept in
/// `unknown`, so that a test can see that it looked at the real picture.
package struct TerminalScreen: Sendable {
    private enum State: Sendable {
        case ground
        case escape
        /// The byte that names a character set follows.
        case characterSet
        case csi([UInt8])
        /// A title or a colour of the palette, until BEL or ESC \.
        case string([UInt8])
        case utf8([UInt8], missing: Int)
    }

    /// Longer sequences are no sequences.
    private static let sequenceLimit = 64
    /// The clipboard's are the longest strings.
    private static let stringLimit = 1 << 16

    /// The picture.
    package internal(set) var grid: TerminalGrid
    /// The cursor can be seen.
    package internal(set) var cursorShown = true
    /// How many frames, each between the marks of synchronized output, are complete.
    package internal(set) var frames = 0
    /// A frame has begun and has not ended.
    package internal(set) var isInFrame = false
    /// How many characters and sequences came outside of frames.
    package private(set) var outsideFrames = 0
    /// Pasted text is marked as such.
    package internal(set) var marksPastes = false
    /// Buttons of the mouse are reported.
    package internal(set) var reportsMouse = false
    /// What the program gave to the clipboard last, in base 64.
    package private(set) var clipboard = ""
    /// The sequences that were not understood.
    package internal(set) var unknown: [String] = []
    /// What is shown again when the program leaves the alternate screen.
    var primary: TerminalGrid?
    var saved: (row: Int, column: Int) = (0, 0)
    var lastCharacter: Character = " "
    private var state: State = .ground

    /// A cleared screen.
    package init(columns: Int, rows: Int) { self.grid = TerminalGrid(columns: columns, rows: rows) }

    /// The program has put its picture over the operator's.
    package var isAlternate: Bool { self.primary != nil }

    /// The rows as text, without the spaces at their ends.
    package var lines: [String] {
        self.grid.cells.map { cells in
            let text = String(cells.map(\.character))
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The rows as one text.
    package var text: String { self.lines.joined(separator: "\n") }

    /// The window's size changed.
    package mutating func resize(columns: Int, rows: Int) {
        self.grid.resize(columns: columns, rows: rows)
        self.primary?.resize(columns: columns, rows: rows)
    }

    /// Draws what the program wrote.
    package mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { self.step(byte) }
    }

    private mutating func step(_ byte: UInt8) {
        switch self.state {
        case .ground: self.ground(byte)
        case .escape: self.afterEscape(byte)
        case .characterSet: self.state = .ground
        case .csi(let read): self.inCSI(byte, read)
        case .string(let read): self.inString(byte, read)
        case .utf8(let read, let missing): self.inUTF8(byte, read, missing)
        }
    }

    private mutating func ground(_ byte: UInt8) {
        switch byte {
        case 0x1b: self.state = .escape
        case 0x20...0x7e: self.put(Character(Unicode.Scalar(byte)))
        case 0xc2...0xdf: self.state = .utf8([byte], missing: 1)
        case 0xe0...0xef: self.state = .utf8([byte], missing: 2)
        case 0xf0...0xf4: self.state = .utf8([byte], missing: 3)
        default: self.control(byte)
        }
    }

    private mutating func control(_ byte: UInt8) {
        self.countOutside()
        switch byte {
        case 0x07: return
        case 0x08: self.grid.move(row: self.grid.row, column: max(0, self.grid.column - 1))
        case 0x09: self.grid.tab(by: 1)
        case 0x0a: self.grid.lineFeed()
        case 0x0d: self.grid.carriageReturn()
        default: self.unknown.append("control \(byte)")
        }
    }

    private mutating func afterEscape(_ byte: UInt8) {
        self.state = .ground
        switch byte {
        case UInt8(ascii: "["): self.state = .csi([])
        case UInt8(ascii: "("): self.state = .characterSet
        case UInt8(ascii: "]"): self.state = .string([])
        // The keypad's modes, and the end of a string.
        case UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "\\"): break
        case UInt8(ascii: "7"): self.saved = (self.grid.row, self.grid.column)
        case UInt8(ascii: "8"): self.grid.move(row: self.saved.row, column: self.saved.column)
        case UInt8(ascii: "M"): self.grid.reverseLineFeed()
        case UInt8(ascii: "E"):
            self.grid.carriageReturn()
            self.grid.lineFeed()
        default: self.unknown.append("ESC " + String(decoding: [byte], as: UTF8.self))
        }
        if self.isGround { self.countOutside() }
    }

    private mutating func inCSI(_ byte: UInt8, _ read: [UInt8]) {
        if (0x20...0x3f).contains(byte), read.count < Self.sequenceLimit {
            self.state = .csi(read + [byte])
            return
        }
        self.state = .ground
        let wasInFrame = self.isInFrame
        self.perform(ControlSequence(parameters: read, final: byte))
        if self.isInFrame == wasInFrame { self.countOutside() }
    }

    private mutating func inString(_ byte: UInt8, _ read: [UInt8]) {
        guard byte == 0x07 || byte == 0x1b else {
            self.state = .string(read.count < Self.stringLimit ? read + [byte] : read)
            return
        }
        self.state = byte == 0x07 ? .ground : .escape
        let text = String(decoding: read, as: UTF8.self)
        if text.hasPrefix("52;c;") { self.clipboard = String(text.dropFirst(5)) }
        self.countOutside()
    }

    private mutating func inUTF8(_ byte: UInt8, _ read: [UInt8], _ missing: Int) {
        let bytes = read + [byte]
        guard missing == 1 else {
            self.state = .utf8(bytes, missing: missing - 1)
            return
        }
        self.state = .ground
        if let character = String(validating: bytes, as: UTF8.self)?.first {
            self.put(character)
        } else {
            self.unknown.append("bytes \(bytes)")
        }
    }

    private mutating func put(_ character: Character) {
        self.countOutside()
        self.lastCharacter = character
        self.grid.put(character)
    }

    private var isGround: Bool { if case .ground = self.state { true } else { false } }

    private mutating func countOutside() { if !self.isInFrame { self.outsideFrames += 1 } }
}
