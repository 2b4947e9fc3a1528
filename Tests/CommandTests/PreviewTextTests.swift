import ArgumentParser
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

@Suite struct PreviewTextTests {
    private static let preview = SwarmdPreviewResponse.with {
        ($0.stopping, $0.unreplaced, $0.starting, $0.placed) = (3, 1, 2, 1)
        $0.places = [.with { ($0.nodeID, $0.hostname, $0.tasks) = ("n2", "worker-2", 1) }]
        $0.pending = [
            .with {
                ($0.serviceName, $0.tasks, $0.slots) = ("db", 1, [1])
                $0.reason = "no suitable node (scheduling constraints not satisfied on 1 node)"
                $0.constraints = ["node.hostname==worker-1"]
                $0.hostname = "worker-1"
            }
        ]
        $0.room = .with {
            $0.nodes = 1
            ($0.freeNanoCpus, $0.neededNanoCpus) = (9_500_000_000, 1_000_000_000)
            ($0.freeMemoryBytes, $0.neededMemoryBytes) = (2 << 30, 1 << 20)
        }
        $0.services = [
            .with {
                ($0.serviceName, $0.running, $0.wanted, $0.stopping, $0.starting) = ("db", 1, 1, 1, 1)
            }
        ]
    }

    @Test func `a dry run is told in lines`() {
        #expect(
            PreviewText(Self.preview).lines == [
                "nothing was changed (--dry-run)",
                "stop: 3, 1 of them for good",
                "start: 2, 1 placed, 1 would stay PENDING",
                "nodes: worker-2 +1",
                "room on 1 node: cpu 9.5 free, 1.0 needed; memory 2048M free, 1M needed",
                "db: 1/1 run now, 0 while its tasks move",
                "PENDING db.1: no suitable node (scheduling constraints not satisfied on 1 node); "
                    + "constraints node.hostname==worker-1; until worker-1 is active again",
            ]
        )
    }

    @Test func `and as JSON, in one line`() {
        let line = PreviewText(Self.preview).json.line
        #expect(
            line.hasPrefix(#"{"stopping":3,"unreplaced":1,"starting":2,"placed":1,"relieved":0,"cut":false,"#)
        )
        #expect(line.contains(#""untilActive":"worker-1""#) && !line.contains("\n"))
    }

    @Test func `the form needs the dry run, and a form that exists`() throws {
        let plain = try ServiceScale.parse(["web=3"])
        #expect(try plain.trying.form() == nil)
        let json = try ServiceScale.parse(["--dry-run", "--format", "json", "web=3"])
        #expect(try json.trying.form() == .json)
        #expect(throws: CommandError.self) {
            try ServiceScale.parse(["--format", "json", "web=3"]).trying.form()
        }
        #expect(throws: CommandError.self) {
            try ServiceScale.parse(["--dry-run", "--format", "xml", "web=3"]).trying.form()
        }
    }
}
