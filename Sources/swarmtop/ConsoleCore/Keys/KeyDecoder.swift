package import Primitives

/// Turns a terminal's bytes into keys.
///
/// A slow link can split an arrow key's sequence after its ESC. The late rest (`[B`, `OB`) must never be
/// read as letters, because letters act: for half a second after a lone ESC, a `[` or `O` is taken
/// for the rest of a sequence and swallowed with its parameters and final byte.
package struct KeyDecoder: Sendable {
    private enum State: Sendable {
        case ground
        case escape
        case csi([UInt8])
        case ss3
        /// The three bytes after an X10 mouse report's introducer.
        case mouse(remaining: Int)
        case utf8([UInt8], missing: Int)
        case paste([UInt8])
    }

    /// How long the rest of a split sequence is expected.
    package static let guardTime: Duration = .milliseconds(500)
    /// Longer parameters are no sequence that we know.
    private static let parameterLimit = 32
    /// What a paste may hold; the rest is dropped.
    private static let pasteLimit = 4096
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private let escapeDelay: Duration
    /// The terminal was asked for the mouse; otherwise its reports are junk.
    private let mouse: Bool
    private var state: State = .ground
    private var since = Timestamp(nanoseconds: 0)
    /// Until when the rest of a split sequence is swallowed.
    private var guardEnd: Timestamp?
    /// The sequence being read is the rest of a split one, so it gives no key.
    private var swallows = false

    /// Takes an ESC for a key when nothing follows for `escapeDelay` (25 ms locally, 100 ms over ssh).
    package init(escapeDelay: Duration, mouse: Bool = false) {
        self.escapeDelay = escapeDelay
        self.mouse = mouse
    }

    /// When `settle` should be called, should no byte come before; nil when nothing is pending.
    package var deadline: Timestamp? {
        if case .escape = self.state { return self.since + self.escapeDelay }
        return nil
    }

    /// Gives the key that a pending lone ESC is by now.
    package mutating func settle(at now: Timestamp) -> [Key] {
        guard case .escape = self.state, now - self.since >= self.escapeDelay else { return [] }
        self.state = .ground
        self.guardEnd = now + Self.guardTime
        return [.escape]
    }

    /// Reads `bytes`, which arrived at `now`.
    package mutating func feed(_ bytes: some Sequence<UInt8>, at now: Timestamp) -> [Key] {
        var keys = self.settle(at: now)
        for byte in bytes { self.step(byte, now, &keys) }
        return keys
    }

    private mutating func step(_ byte: UInt8, _ now: Timestamp, _ keys: inout [Key]) {
        switch self.state {
        case .ground: self.ground(byte, now, &keys)
        case .escape: self.afterEscape(byte, now, &keys)
        case .csi(let parameters): self.inCSI(byte, parameters, now, &keys)
        case .ss3:
            self.state = .ground
            if byte == 0x1b { return self.ground(byte, now, &keys) }
            self.finish(Self.ss3Key(byte), &keys)
        case .mouse(let remaining): self.state = remaining > 1 ? .mouse(remaining: remaining - 1) : .ground
        case .utf8(let read, let missing): self.inUTF8(byte, read, missing, now, &keys)
        case .paste(let text): self.inPaste(byte, text, &keys)
        }
    }

    private mutating func ground(_ byte: UInt8, _ now: Timestamp, _ keys: inout [Key]) {
        if let end = self.guardEnd {
            self.guardEnd = nil
            if now < end, byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O") {
                self.swallows = true
                self.state = byte == UInt8(ascii: "[") ? .csi([]) : .ss3
                return
            }
        }
        switch byte {
        case 0x1b:
            self.state = .escape
            self.since = now
        case 0x0d, 0x0a: keys.append(.enter)
        case 0x09: keys.append(.tab)
        case 0x08, 0x7f: keys.append(.backspace)
        case 0x01...0x1a: keys.append(.control(Character(Unicode.Scalar(byte + 0x60))))
        case 0x00, 0x1c...0x1f: return
        case 0x20...0x7e: keys.append(.character(Character(Unicode.Scalar(byte))))
        case 0xc2...0xdf: self.state = .utf8([byte], missing: 1)
        case 0xe0...0xef: self.state = .utf8([byte], missing: 2)
        case 0xf0...0xf4: self.state = .utf8([byte], missing: 3)
        default: return
        }
    }

    private mutating func afterEscape(_ byte: UInt8, _ now: Timestamp, _ keys: inout [Key]) {
        switch byte {
        case UInt8(ascii: "["): self.state = .csi([])
        case UInt8(ascii: "O"): self.state = .ss3
        case 0x1b:
            keys.append(.escape)
            self.since = now
        default:
            // Alt with a key: we bind none, and the letter alone must not act.
            self.state = .ground
        }
    }

    private mutating func inCSI(_ byte: UInt8, _ read: [UInt8], _ now: Timestamp, _ keys: inout [Key]) {
        switch byte {
        case 0x20...0x3f where read.count < Self.parameterLimit: self.state = .csi(read + [byte])
        case 0x20...0x3f: return
        case UInt8(ascii: "M") where read.isEmpty:
            self.swallows = false
            self.state = .mouse(remaining: 3)
        case 0x1b:
            self.swallows = false
            self.state = .escape
            self.since = now
        case 0x40...0x7e:
            self.state = .ground
            if read == Array("200".utf8), byte == UInt8(ascii: "~") {
                self.swallows = false
                self.state = .paste([])
            } else if byte == UInt8(ascii: "M"), let mouse = Mouse(parameters: read) {
                self.finish(self.mouse ? .mouse(mouse) : nil, &keys)
            } else {
                self.finish(Self.csiKey(byte, read), &keys)
            }
        default:
            self.swallows = false
            self.state = .ground
        }
    }

    private mutating func finish(_ key: Key?, _ keys: inout [Key]) {
        defer { self.swallows = false }
        if let key, !self.swallows { keys.append(key) }
    }

    private mutating func inUTF8(
        _ byte: UInt8,
        _ read: [UInt8],
        _ missing: Int,
        _ now: Timestamp,
        _ keys: inout [Key]
    ) {
        guard byte & 0xc0 == 0x80 else {
            self.state = .ground
            return self.ground(byte, now, &keys)
        }
        let bytes = read + [byte]
        guard missing == 1 else {
            self.state = .utf8(bytes, missing: missing - 1)
            return
        }
        self.state = .ground
        if let character = String(validating: bytes, as: UTF8.self)?.first {
            keys.append(.character(character))
        }
    }

    private mutating func inPaste(_ byte: UInt8, _ read: [UInt8], _ keys: inout [Key]) {
        var text = read
        // What exceeds the limit pushes out the byte before it, so that the end mark is still seen.
        if text.count >= Self.pasteLimit { text.remove(at: text.count - Self.pasteEnd.count) }
        text.append(byte)
        guard text.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) else {
            self.state = .paste(text)
            return
        }
        self.state = .ground
        keys.append(.paste(String(decoding: text.dropLast(Self.pasteEnd.count), as: UTF8.self)))
    }

    private static func ss3Key(_ byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "M"): .enter
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(byte - UInt8(ascii: "P")) + 1)
        default: Self.arrow(byte)
        }
    }

    private static func arrow(_ byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        default: nil
        }
    }

    private static func csiKey(_ final: UInt8, _ parameters: [UInt8]) -> Key? {
        if final == UInt8(ascii: "Z") { return .backTab }
        guard final == UInt8(ascii: "~") else { return Self.arrow(final) }
        let digits = parameters.prefix { $0 >= 0x30 && $0 <= 0x39 }
        switch Int(String(decoding: digits, as: UTF8.self)) {
        case 1, 7: return .home
        case 4, 8: return .end
        case 3: return .delete
        case 5: return .pageUp
        case 6: return .pageDown
        case .some(let number) where (11...15).contains(number): return .function(number - 10)
        default: return nil
        }
    }
}
