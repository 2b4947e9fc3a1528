import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ConsoleCore

/// What a question would do, as the manager computes it.
enum PreviewScenes {
    static let drain = SwarmdPreviewResponse.with {
        $0.stopping = 14
        $0.unreplaced = 2
        $0.starting = 12
        $0.placed = 11
        $0.places = [("mgr-3", 6), ("mgr-1", 5)].map { name, tasks in
            .with { ($0.nodeID, $0.hostname, $0.tasks) = ("node-\(name)", name, tasks) }
        }
        $0.pending = [
            .with {
                ($0.serviceName, $0.tasks, $0.slots) = ("db", 1, [1])
                $0.reason = "no suitable node (scheduling constraints not satisfied on 3 nodes)"
                $0.constraints = ["node.hostname==w01"]
                ($0.nodeID, $0.hostname) = ("node-w01", "w01")
            }
        ]
        $0.services = [
            .with {
                ($0.serviceName, $0.running, $0.wanted) = ("session", 6, 6)
                ($0.stopping, $0.starting, $0.placed) = (1, 1, 1)
            }
        ]
        $0.room = .with {
            $0.nodes = 11
            ($0.freeNanoCpus, $0.neededNanoCpus) = (9_500_000_000, 3_000_000_000)
            ($0.freeMemoryBytes, $0.neededMemoryBytes) = (21 << 30, 6 << 30)
        }
    }

    static let scale = SwarmdPreviewResponse.with {
        $0.starting = 11
        $0.placed = 11
        $0.room = .with { ($0.nodes, $0.freeNanoCpus) = (4, 19_500_000_000) }
        $0.services = [
            .with {
                ($0.serviceName, $0.running, $0.wanted) = ("billing", 3, 15)
                ($0.starting, $0.placed, $0.nanoCpus) = (11, 11, 1_000_000_000)
                $0.spreadOver = "node.labels.zone"
                $0.spread = [("a", 5), ("b", 5), ("c", 5)].map { value, tasks in
                    .with { ($0.value, $0.tasks) = (value, tasks) }
                }
            }
        ]
    }

    static let manager = SwarmdPreviewResponse.with {
        $0.quorumBefore = .with { ($0.managers, $0.reachable) = (3, 3) }
        $0.quorumAfter = $0.quorumBefore
    }

    static let views: [(String, @Sendable (inout Model) -> Void)] = [
        (
            "preview-drain",
            {
                $0.type("1"); $0.press(.down, .down, .down); $0.type("D"); $0.answer(preview: Self.drain)
            }
        ),
        (
            "preview-scale",
            {
                $0.press(.down); $0.type("S15"); $0.answer(preview: Self.scale)
            }
        ),
        (
            "preview-several",
            {
                $0.type("1")
                $0.press(.down, .down, .down)
                $0.type("   D")
                $0.answer(preview: Self.drain)
            }
        ),
    ]
}

extension Model {
    /// Has the manager answer the question for what would happen.
    mutating func answer(preview: SwarmdPreviewResponse) {
        let number = self.lastPreview
        _ = update(&self, .previewed(number: number, .computed(preview)), now: Fixture.now)
    }
}

@Suite struct PreviewTests {
    /// The effects of painting after the keys of `text`.
    private static func asked(_ model: inout Model, _ text: String) -> [Effect] {
        text.flatMap { letter in
            _ = update(&model, .key(.character(letter)), now: Fixture.now)
            return update(&model, .painted, now: Fixture.now)
        }
    }

    @Test func `it is asked for once the question is painted, and again when the number changes`() {
        var model = Fixture.model()
        model.press(.down)
        let effects = Self.asked(&model, "S15")
        let replicas = effects.compactMap { effect -> UInt64? in
            guard case .preview(_, let request) = effect else { return nil }
            return request.services.first?.replicas
        }
        #expect(replicas == [1, 15])
        #expect(update(&model, .painted, now: Fixture.now).isEmpty)
        #expect(model.text.contains("computing what it would do"))
    }

    @Test func `an answer to another number is not shown`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S1")
        let old = model.lastPreview
        model.type("5")
        _ = update(&model, .previewed(number: old, .computed(PreviewScenes.scale)), now: Fixture.now)
        #expect(model.text.contains("computing"))
        model.answer(preview: PreviewScenes.scale)
        #expect(model.text.contains("Room: 11 more fit (cpu 19.5 free, need 1 each)  ok"))
        #expect(model.text.contains("zone=a 5  zone=b 5  zone=c 5 after"))
    }

    @Test func `a drain tells what stays PENDING, until when, and what moves`() {
        var model = Fixture.model(columns: 120, rows: 40)
        model.type("1")
        model.press(.down, .down, .down)
        model.type("D")
        model.answer(preview: PreviewScenes.drain)
        for words in [
            "14 tasks stop here; 11 are placed again elsewhere", "(not replaced)",
            "Room on the other 11 nodes",
            "db.1 has node.hostname==w01", "until w01 is active again", "session 6/6 -> 5/6",
        ] { #expect(model.text.contains(words), "\(words)") }
        // It stands in nobody's way.
        #expect(model.type("y").count == 1)
    }

    @Test func `a manager that is drained goes on to vote`() {
        var model = Fixture.model()
        model.type("1D")
        model.answer(preview: PreviewScenes.manager)
        #expect(model.text.contains("goes on to vote: 3 managers"))
    }

    @Test func `an old manager is asked once, and the question is as it was before`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S15")
        _ = update(&model, .previewed(number: model.lastPreview, .unsupported), now: Fixture.now)
        #expect(!model.text.contains("computing"))
        #expect(model.text.contains("11 tasks will be started"))
        #expect(Self.asked(&model, "6").isEmpty)
    }

    @Test func `a preview that fails says why and takes nothing away`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S15")
        _ = update(&model, .previewed(number: model.lastPreview, .failed("no time")), now: Fixture.now)
        #expect(model.text.contains("No preview: no time"))
        #expect(model.type("y").count == 1)
    }

    @Test func `it is asked for again while the question stays open and the cluster goes on`() {
        var model = Fixture.model()
        model.press(.down)
        model.type("S15")
        model.answer(preview: PreviewScenes.scale)
        #expect(update(&model, .painted, now: Fixture.now + .seconds(1)).isEmpty)
        #expect(update(&model, .painted, now: Fixture.now + .seconds(5)).count == 1)
        // What was known stays until then.
        #expect(model.text.contains("11 more fit"))
    }

    @Test func `a preview changes nothing`() {
        #expect(!Effect.preview(number: 1, .init()).changesCluster)
        #expect(Effect.preview(number: 1, .init()).request == nil)
    }
}
