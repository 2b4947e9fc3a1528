/// Which machines can't reach which.
package struct NetworkCut: Sendable, Equatable {
    /// A way from one machine to another.
    package struct Path: Sendable, Hashable {
        /// Where it begins.
        package let from: Int
        /// Where it ends.
        package let to: Int

        /// The way from `from` to `to`.
        package init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }
    }

    /// The ways that are closed.
    package let paths: [Path]

    /// Two halves that don't hear each other.
    package static func between(_ left: [Int], _ right: [Int]) -> Self {
        Self(paths: Self.paths(left, right) + Self.paths(right, left))
    }

    /// Whatever `left` sends, `right` does not get; the other way works.
    package static func oneWay(from left: [Int], to right: [Int]) -> Self {
        Self(paths: Self.paths(left, right))
    }

    /// Each machine reaches only the one before it and the one behind it.
    package static func ring(_ machines: [Int]) -> Self {
        var paths: [Path] = []
        for (place, from) in machines.enumerated() {
            for (other, to) in machines.enumerated() where place != other {
                let distance = abs(place - other)
                if distance > 1, distance < machines.count - 1 { paths.append(Path(from: from, to: to)) }
            }
        }
        return Self(paths: paths)
    }

    private static func paths(_ left: [Int], _ right: [Int]) -> [Path] {
        left.flatMap { from in right.map { Path(from: from, to: $0) } }.filter { $0.from != $0.to }
    }
}
