/// What an operator did with the mouse.
package enum Mouse: Sendable, Hashable {
    /// The left button went down on a cell; both count from 0.
    case click(column: Int, row: Int)
    case wheelUp, wheelDown

    /// Columns and rows beyond are no terminal's.
    private static let limit = 10_000

    /// Reads the parameters of an SGR report (mode 1006), `<0;10;5`; nil for what the console does not use.
    init?(parameters: [UInt8]) {
        guard parameters.first == UInt8(ascii: "<") else { return nil }
        let parts = parameters.dropFirst().split(
            separator: UInt8(ascii: ";"),
            omittingEmptySubsequences: false
        )
        let numbers = parts.map { Self.number($0) }
        guard numbers.count == 3, let button = numbers[0], let column = numbers[1], let row = numbers[2],
            column >= 1, row >= 1
        else { return nil }
        switch button {
        case 0: self = .click(column: column - 1, row: row - 1)
        case 64: self = .wheelUp
        case 65: self = .wheelDown
        default: return nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 5, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return number <= Self.limit ? number : nil
    }
}
