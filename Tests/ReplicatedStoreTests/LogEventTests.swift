import Testing

@testable import ReplicatedStore

@Suite struct LogEventTests {
    @Test(
        arguments: [
            ([], 10, [[]]),
            ([4, 4], 10, [[4, 4]]),
            ([4, 6, 1], 10, [[4, 6], [1]]),
            ([40], 10, [[40]]),
            ([1, 40, 1], 10, [[1], [40], [1]]),
            ([0, 0, 11, 0], 10, [[0, 0], [11], [0]]),
        ] as [([Int], Int, [[Int]])]
    )
    func `entries are handed on in parts, in their order`(sizes: [Int], limit: Int, expected: [[Int]]) {
        let entries = sizes.enumerated().map {
            CommittedEntry(index: UInt64($0 + 1), data: Array(repeating: 0, count: $1))
        }
        let parts = LogEvent.committed(entries).parts(of: limit).map { part in
            if case .committed(let entries) = part { entries } else { [CommittedEntry]() }
        }
        #expect(parts.map { $0.map(\.data.count) } == expected)
        #expect(parts.joined().map(\.index) == entries.map(\.index))
    }
}
