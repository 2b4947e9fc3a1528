/// What differs between two texts, line by line.
enum TextDiff {
    /// How many lines that stayed are shown around those that did not.
    private static let context = 2

    static func lines(_ before: String, _ after: String) -> [TextLine] {
        let old = before.split(separator: "\n", omittingEmptySubsequences: false)
        let new = after.split(separator: "\n", omittingEmptySubsequences: false)
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var all: [(line: TextLine, isChange: Bool)] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if removed.contains(left) {
                all.append((TextLine("- \(old[left])", .bad), true))
                left += 1
            } else if inserted.contains(right) {
                all.append((TextLine("+ \(new[right])", .good), true))
                right += 1
            } else {
                if left < old.count { all.append((TextLine("  \(old[left])", .muted), false)) }
                left += 1
                right += 1
            }
        }
        return Self.near(all)
    }

    /// The changes with what stands around them.
    private static func near(_ all: [(line: TextLine, isChange: Bool)]) -> [TextLine] {
        var lines: [TextLine] = []
        var isOpen = true
        for index in all.indices {
            let around = max(0, index - Self.context)...min(all.count - 1, index + Self.context)
            if around.contains(where: { all[$0].isChange }) {
                lines.append(all[index].line)
                isOpen = true
            } else if isOpen, !lines.isEmpty {
                lines.append(TextLine("  ..", .muted))
                isOpen = false
            }
        }
        if lines.last?.text == "  .." { lines.removeLast() }
        return lines
    }
}
