import ConsoleCore
import Primitives
import Testing

@Suite struct KeyDecoderTests {
    private static func keys(_ chunks: [(bytes: String, after: Int)]) -> [Key] {
        var decoder = KeyDecoder(escapeDelay: .milliseconds(25))
        var now = Timestamp(seconds: 1000)
        var keys: [Key] = []
        for chunk in chunks {
            // The shell wakes at the decoder's deadline.
            if let deadline = decoder.deadline, deadline <= now + .milliseconds(chunk.after) {
                keys += decoder.settle(at: deadline)
            }
            now = now + .milliseconds(chunk.after)
            keys += decoder.feed(chunk.bytes.utf8, at: now)
        }
        keys += decoder.settle(at: now + .seconds(1))
        return keys
    }

    @Test(arguments: [
        ("\u{1B}[A", Key.up), ("\u{1B}OB", .down), ("\u{1B}[C", .right), ("\u{1B}[D", .left),
        ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[H", .home), ("\u{1B}[4~", .end),
        ("\u{1B}[1;5A", .up), ("\u{1B}[Z", .backTab), ("\u{1B}OP", .function(1)), ("\u{1B}[3~", .delete),
        ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace), ("\u{8}", .backspace),
        ("\u{3}", .control("c")), ("\u{C}", .control("l")), ("x", .character("x")), ("搜", .character("搜")),
    ])
    func `a sequence is a key`(bytes: String, key: Key) {
        #expect(Self.keys([(bytes, 0)]) == [key])
    }

    @Test func `a lone ESC is a key after the delay`() {
        var decoder = KeyDecoder(escapeDelay: .milliseconds(25))
        let start = Timestamp(seconds: 1)
        #expect(decoder.feed([0x1b], at: start).isEmpty)
        #expect(decoder.deadline == start + .milliseconds(25))
        #expect(decoder.settle(at: start + .milliseconds(24)).isEmpty)
        #expect(decoder.settle(at: start + .milliseconds(25)) == [.escape])
        #expect(decoder.deadline == nil)
    }

    @Test(arguments: ["[B", "OB", "[1;5D", "[6~"], [30, 60, 400])
    func `the late rest of a split sequence is swallowed`(rest: String, delay: Int) {
        #expect(Self.keys([("\u{1B}", 0), (rest, delay), ("j", 1)]) == [.escape, .character("j")])
    }

    @Test func `a bracket long after an ESC is typed`() {
        #expect(Self.keys([("\u{1B}", 0), ("O", 900)]) == [.escape, .character("O")])
    }

    @Test func `a sequence split inside is put together`() {
        #expect(Self.keys([("\u{1B}[", 0), ("B", 300)]) == [.down])
    }

    @Test func `an answer of the terminal and a mouse report give no keys`() {
        #expect(
            Self.keys([("\u{1B}[0n\u{1B}[?62;c\u{1B}[M !!q\u{1B}[<0;10;5Mj", 0)]) == [
                .character("q"), .character("j"),
            ]
        )
    }

    @Test func `an Alt chord does nothing`() {
        #expect(Self.keys([("\u{1B}y", 0)]).isEmpty)
    }

    @Test func `pasted text is one key`() {
        #expect(Self.keys([("\u{1B}[200~S5y\u{1B}[201~j", 0)]) == [.paste("S5y"), .character("j")])
    }

    @Test func `a huge paste is cut and ends`() {
        let text = String(repeating: "y", count: 50_000)
        let keys = Self.keys([("\u{1B}[200~\(text)\u{1B}[201~j", 0)])
        #expect(keys.count == 2)
        #expect(keys.last == .character("j"))
    }

    @Test func `broken UTF-8 gives no key and loses none after it`() {
        var decoder = KeyDecoder(escapeDelay: .milliseconds(25))
        let keys = decoder.feed([0xe6, 0x90, 0x71, 0xff, 0x80, 0x6a], at: Timestamp(seconds: 1))
        #expect(keys == [.character("q"), .character("j")])
    }

    @Test(arguments: 0..<200)
    func `an arrow cut anywhere never types a letter`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let sequences = ["\u{1B}[A", "\u{1B}OB", "\u{1B}[1;2C", "\u{1B}[5~", "\u{1B}[15~"]
        var chunks: [(bytes: String, after: Int)] = []
        for _ in 0..<20 {
            let sequence = Array(sequences[Int.random(in: 0..<sequences.count, using: &dice)])
            // Cut after the ESC with a gap that a slow link makes.
            chunks.append((String(sequence[0]), 1000))
            chunks.append((String(sequence[1...]), Int.random(in: 0...450, using: &dice)))
        }
        for key in Self.keys(chunks) {
            if case .character(let letter) = key { Issue.record("typed \(letter)") }
        }
    }

    @Test(arguments: 0..<50)
    func `no bytes trap`(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        var decoder = KeyDecoder(escapeDelay: .milliseconds(25))
        var now = Timestamp(seconds: 1)
        let interesting: [UInt8] = [
            0x1b, 0x5b, 0x4f, 0x4d, 0x7e, 0x32, 0x30, 0x3b, 0xe6, 0x90, 0x9c, 0xff, 0x00,
        ]
        var decoded = 0
        for _ in 0..<2000 {
            let byte =
                Bool.random(using: &dice)
                ? interesting[Int.random(in: 0..<interesting.count, using: &dice)]
                : UInt8.random(in: 0...255, using: &dice)
            now = now + .milliseconds(Int.random(in: 0...40, using: &dice))
            decoded += decoder.feed([byte], at: now).count
        }
        #expect(decoded > 0)
    }
}
