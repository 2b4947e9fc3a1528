/// The lists as the operator arranged them, as text that outlives the console.
///
/// The first line has the version and a checksum of the rest; each other line is a list: its name, what it is sorted
/// by, whether downwards and wide (`yes` or `no`), and the columns that are hidden, with tabs between.
enum ViewFile {
    private static let head = "swarmtop-views 1 "
    /// No list has as many columns, and no column such a title.
    private static let (columnLimit, titleLimit) = (64, 40)

    static func text(of layouts: [ListKind: ListLayout]) -> String {
        var lines = ""
        for kind in ListKind.allCases where kind != .text {
            guard var layout = layouts[kind] else { continue }
            // How far a list is scrolled is not a choice.
            layout.skipped = 0
            guard layout != ListLayout() else { continue }
            let flags = [layout.isReversed, layout.isWide].map { $0 ? "yes" : "no" }
            let fields = [kind.rawValue, layout.sort ?? ""] + flags + layout.hidden.sorted()
            lines += fields.joined(separator: "\t") + "\n"
        }
        return Self.head + Self.checksum(lines) + "\n" + lines
    }

    /// Reads what `text` made; nil for anything else.
    static func layouts(in text: String) -> [ListKind: ListLayout]? {
        guard let end = text.firstIndex(of: "\n"), text.hasPrefix(Self.head) else { return nil }
        let lines = String(text[text.index(after: end)...])
        guard text[..<end].dropFirst(Self.head.count) == Self.checksum(lines) else { return nil }
        var layouts: [ListKind: ListLayout] = [:]
        for line in lines.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count >= 4, fields.count <= Self.columnLimit,
                let kind = ListKind(rawValue: fields[0]),
                let isReversed = Self.flag(fields[2]), let isWide = Self.flag(fields[3]),
                fields.allSatisfy({ $0.count <= Self.titleLimit })
            else { return nil }
            layouts[kind] = ListLayout(
                sort: fields[1].isEmpty ? nil : fields[1],
                isReversed: isReversed,
                hidden: Set(fields.dropFirst(4)),
                isWide: isWide
            )
        }
        return layouts
    }

    private static func flag(_ word: String) -> Bool? { ["yes": true, "no": false][word] }

    /// FNV-1a of 64 bits: it finds what a crash or an editor damaged.
    private static func checksum(_ text: String) -> String {
        let sum = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension Model {
    /// The choices of columns and order that should outlive the console.
    package var viewFile: String { ViewFile.text(of: self.layouts) }

    /// Takes what an earlier console kept; returns false, and changes nothing, where `text` is damaged.
    package mutating func restore(viewFile text: String) -> Bool {
        guard let layouts = ViewFile.layouts(in: text) else { return false }
        self.layouts = layouts
        return true
    }
}
