import Linearizability
import Testing

@Suite struct ControlHistoryTests {
    @Test func `every call and answer survives being written and read`() throws {
        let text = """
            0 1 2 config web create blue => created c1 5
            0 1 2 config web create blue => already-exists
            0 1 2 config web update c1 5 "light blue" => updated 6
            0 1 2 config web update - 5 blue => out-of-sequence
            0 1 2 config web remove c1 => removed
            0 1 2 config web get - => found c1 5 "a \\"b\\" \\\\ \\n =>"
            0 1 2 config "-" get "-" => not-found
            0 1 - config "" remove - => ?

            """
        let history = try ControlHistory(decoding: text)
        #expect(history.operations.count == 8)
        #expect(history.encoded() == text)
        #expect(history.operations[5].output == .found(id: "c1", version: 5, value: "a \"b\" \\ \n =>"))
        #expect(history.operations[6].input == ControlCall(kind: "config", name: "-", .get(id: "-")))
        #expect(history.operations[7].input == ControlCall(kind: "config", name: "", .remove(id: nil)))
        #expect(history.operations[7].outcome == .unknown)
    }

    @Test(arguments: 0..<20) func `random histories survive it`(seed: Int) throws {
        let history = ControlHistory(ControlRun.history(50, seed: UInt64(seed), lost: 5))
        #expect(try ControlHistory(decoding: history.encoded()) == history)
    }

    @Test(arguments: ["", " ", "\n", "\r\n", "ü ✓", "a\tb", "\\", "\"", "=>", "?", "#"])
    func `any text can be a name and a value`(text: String) throws {
        let call = ControlCall(kind: text, name: text, .create(value: text))
        let reply = ControlReply.found(id: text, version: 1, value: text)
        let entry = ControlHistory.Entry(client: 0, input: call, called: 1, outcome: .known(reply, at: 1))
        let history = ControlHistory([entry])
        #expect(try ControlHistory(decoding: history.encoded()) == history)
    }

    @Test func `remarks and empty lines say nothing`() throws {
        let history = try ControlHistory(decoding: "# seed 7\n\n0 1 2 config web remove - => removed\n# end")
        #expect(history.operations.count == 1)
    }

    @Test(arguments: [
        ("x 1 2 config web remove - => removed", "client is 'x', not a number"),
        ("0 1 x config web remove - => removed", "time of the answer is 'x', not a number"),
        ("0 3 2 config web remove - => removed", "the answer comes before the call"),
        ("0 1 2 config web erase - => removed", "'erase' is no action"),
        ("0 1 2 config web remove - -> removed", "'->' instead of '=>'"),
        ("0 1 2 config web remove - => ?", "'?' is no answer"),
        ("0 1 - config web remove - => removed", "'removed' instead of '?'"),
        ("0 1 2 config web remove - => removed twice", "'twice' is too much"),
        ("0 1 2 config web create", "no value"),
        ("0 1 2 config web create \"blue => removed", "a quote is not closed"),
    ])
    func `a broken line is named`(line: String, reason: String) {
        #expect(throws: ControlHistory.Mistake(line: 2, reason: reason)) {
            try ControlHistory(decoding: "# head\n\(line)\n")
        }
    }
}
