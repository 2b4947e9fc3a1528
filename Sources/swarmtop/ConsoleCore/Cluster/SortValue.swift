/// What a row is sorted by: numbers before words, nothing last.
enum SortValue: Comparable, Sendable {
    case number(Int64)
    case text(String)
    case none

    init(_ number: Int) { self = .number(Int64(number)) }
    init(_ number: UInt64) { self = .number(Int64(clamping: number)) }
    init(_ text: String) { self = text.isEmpty || text == "-" ? .none : .text(text.lowercased()) }

    /// Words that start with numbers are sorted by them, as `3/4` and `12G`.
    init(leading text: String) {
        let digits = text.drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
        if let number = Int64(digits) { self = .number(number) } else { self.init(text) }
    }
}
