import ArgumentParser
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

@Suite struct NodeUpdateTests {
    @Test func `a change of nothing is refused, and the flags are named`() throws {
        let error = try #require(throws: CommandError.self) { try NodeUpdate.parse(["n1"]).check() }
        #expect(
            error.description == "nothing to change: give --availability, --role, --label-add or --label-rm"
        )
    }

    @Test func `a label that the node does not have can't be removed`() throws {
        let command = try NodeUpdate.parse(["--label-rm", "nope", "n1"])
        try command.check()
        var spec = SwarmNodeSpec.with { $0.annotations.labels = ["rack": "3"] }
        let error = #expect(throws: CommandError.self) { try command.apply(to: &spec) }
        #expect(error?.description.contains("\"nope\" for --label-rm: node n1 has no such label") == true)
        try NodeUpdate.parse(["--label-rm", "rack", "n1"]).apply(to: &spec)
        #expect(spec.annotations.labels.isEmpty)
    }

    @Test(arguments: ["a b=x", "a\tb", " =x", "\u{7f}=x"])
    func `a label's key has no blanks`(_ text: String) throws {
        let error = #expect(throws: CommandError.self) {
            try NodeUpdate.parse(["--label-add", text, "n1"]).check()
        }
        #expect(error?.description.contains("for --label-add: a key has no blanks") == true)
    }

    @Test func `a label's value may be anything`() throws {
        var spec = SwarmNodeSpec()
        try NodeUpdate.parse(["--label-add", "note=a b=c", "n1"]).apply(to: &spec)
        #expect(spec.annotations.labels == ["note": "a b=c"])
    }
}
