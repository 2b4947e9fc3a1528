/// A sequence of a terminal: `ESC [`, parameters, and the byte that names what to do.
struct ControlSequence: Sendable {
    /// `?` or `!` where the sequence is a private one.
    let prefix: UInt8?
    let numbers: [Int?]
    let final: UInt8
    private let text: String

    init(parameters: [UInt8], final: UInt8) {
        let isPrivate = parameters.first.map { !(0x30...0x3b).contains($0) } ?? false
        self.prefix = isPrivate ? parameters.first : nil
        self.numbers = parameters.dropFirst(isPrivate ? 1 : 0)
            .split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            .map { Int(String(decoding: $0, as: UTF8.self)) }
        self.final = final
        self.text = String(decoding: parameters + [final], as: UTF8.self)
    }

    /// The letter that names it, after the prefix: `H`, `?h`.
    var name: String { String(decoding: [self.prefix, self.final].compactMap { $0 }, as: UTF8.self) }

    /// The sequence as a person writes it.
    var description: String { "ESC [ " + self.text }

    /// The number at `index`; 1 where it is left out or 0, as most sequences have it.
    func count(_ index: Int = 0) -> Int { max(1, self.number(index)) }

    /// The number at `index`; 0 where it is left out.
    func number(_ index: Int = 0) -> Int {
        self.numbers.indices.contains(index) ? self.numbers[index] ?? 0 : 0
    }
}
