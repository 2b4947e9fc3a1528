import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct TaskStateTests {
    @Test("TS-01: the states of tasks have SwarmKit's numbers, which are in the order of a task's life")
    func numbers() {
        let states: [(SwarmTaskState, Int)] = [
            (.new, 0), (.pending, 64), (.assigned, 192), (.accepted, 256), (.preparing, 320), (.ready, 384),
            (.starting, 448), (.running, 512), (.complete, 576), (.shutdown, 640), (.failed, 704),
            (.rejected, 768), (.remove, 800), (.orphaned, 832),
        ]
        for (state, number) in states { #expect(state.rawValue == number) }
        #expect(SwarmTaskState.allCases == states.map(\.0))
    }

    @Test("TS-09: its run, its resources and its volumes stay with a task on the wire")
    func belongings() throws {
        let task = SwarmTask.with {
            $0.jobIteration.index = 3
            $0.assignedGenericResources = [
                .with { $0.namedResourceSpec = .with { ($0.kind, $0.value) = ("gpu", "left") } }
            ]
            $0.volumes = [.with { ($0.id, $0.source, $0.target) = ("v1", "data", "/data") }]
        }
        let bytes: [UInt8] = try task.serializedBytes()
        // Fields 15, 16 and 17 of SwarmKit's `Task`, each of them a message.
        #expect(bytes.prefix(1) == [122])
        #expect(try SwarmTask(serializedBytes: bytes) == task)
        let other = SwarmTask.with { $0.jobIteration.index = 3 }
        #expect(try other.serializedBytes() as [UInt8] == [0x82, 0x01, 2, 8, 3])
    }
}
