import Linearizability
import Testing

@Suite struct ControlModelTests {
    private func isLinearizable(_ text: String, othersWrite: Bool = false) throws -> Bool {
        let history = try ControlHistory(decoding: text)
        let verdict = HistoryChecker(ControlModel(othersWrite: othersWrite)).check(history.operations)
        #expect(verdict.isLinearizable || verdict.counterexample != nil)
        return verdict.isLinearizable
    }

    @Test func `an object lives, changes and goes`() throws {
        let history = """
            0 1 2 config web get - => not-found
            0 3 4 config web create blue => created c1 5
            1 5 6 config web create red => already-exists
            0 7 8 config web update c1 5 green => updated 9
            1 7 9 config web update c1 5 red => out-of-sequence
            1 10 11 config web get c1 => found c1 9 green
            0 12 13 config web remove c1 => removed
            0 14 15 config web remove c1 => not-found
            1 14 16 config web update - 9 red => not-found
            0 17 18 config web create blue => created c2 12
            1 19 20 config web get c1 => not-found
            """
        #expect(try self.isLinearizable(history))
    }

    @Test(arguments: [
        (
            "0 1 2 config web create a => created c1 5\n0 3 4 config web create b => created c2 6",
            "two of a name"
        ),
        ("0 1 2 config web create a => created c1 5\n0 3 4 config web get - => not-found", "a lost object"),
        (
            "0 1 2 config web create a => created c1 5\n0 3 4 config web get - => found c1 4 a",
            "an older version"
        ),
        (
            "0 1 2 config web create a => created c1 5\n0 3 4 config web get - => found c1 5 b",
            "another value"
        ),
        (
            "0 1 2 config web create a => created c1 5\n0 3 4 config web get - => found c2 5 a",
            "another object"
        ),
        (
            "0 1 2 config web create a => created c1 5\n0 3 4 config web update - 5 b => updated 5",
            "no new version"
        ),
        (
            "0 1 2 config web create a => created c1 5\n0 3 4 config web update - 4 b => updated 6",
            "a wrong check"
        ),
        (
            "0 1 2 config web create a => created c1 5\n0 3 4 config web update - 5 b => out-of-sequence",
            "a wrong refusal"
        ),
        ("0 1 2 config web get - => created c1 5", "an answer to something else"),
    ])
    func `a store must not show`(history: String, what: String) throws {
        #expect(try !self.isLinearizable(history), "\(what)")
    }

    @Test func `an update that overwrites another unseen is found`() throws {
        let history = """
            0 1 2 config web create a => created c1 5
            1 3 8 config web update c1 5 b => updated 7
            2 4 9 config web update c1 5 c => updated 8
            """
        #expect(try !self.isLinearizable(history))
    }

    @Test func `a later object's version is greater than all before`() throws {
        let history = """
            0 1 2 config web create a => created c1 5
            0 3 4 config web remove c1 => removed
            0 5 6 config web create a => created c2 5
            """
        #expect(try !self.isLinearizable(history))
        #expect(try self.isLinearizable(history.replacing("c2 5", with: "c2 6")))
    }

    @Test func `a version that nobody was told is learned, and then stays`() throws {
        let history = """
            0 1 2 config web create a => created c1 5
            0 3 - config web update c1 5 b => ?
            1 6 7 config web get - => found c1 9 b
            """
        #expect(try self.isLinearizable(history))
        #expect(try self.isLinearizable(history + "\n1 8 9 config web get - => found c1 9 b"))
        #expect(try !self.isLinearizable(history + "\n1 8 9 config web get - => found c1 10 b"))
        #expect(try !self.isLinearizable(history.replacing("found c1 9 b", with: "found c1 4 b")))
    }

    @Test func `a refused version is not the version`() throws {
        let history = """
            0 1 - config web create a => ?
            1 2 3 config web update - 7 b => out-of-sequence
            1 4 5 config web get - => found c1 8 a
            """
        #expect(try self.isLinearizable(history))
        #expect(try !self.isLinearizable(history.replacing("c1 8", with: "c1 7")))
    }

    @Test func `a lost update takes effect once`() throws {
        let history = """
            0 1 2 config web create a => created c1 5
            0 3 - config web update c1 5 b => ?
            1 4 5 config web get - => found c1 6 b
            1 6 7 config web update c1 6 a => updated 8
            1 8 9 config web get - => found c1 8 a
            """
        #expect(try self.isLinearizable(history))
        #expect(try !self.isLinearizable(history + "\n1 10 11 config web get - => found c1 9 b"))
    }

    @Test func `a lost removal may come late, but does not hit a later object`() throws {
        let history = """
            0 1 2 config web create a => created c1 5
            0 3 - config web remove c1 => ?
            1 4 5 config web get - => found c1 5 a
            1 6 7 config web get - => not-found
            1 8 9 config web create b => created c2 7
            """
        #expect(try self.isLinearizable(history))
        #expect(try !self.isLinearizable(history + "\n1 10 11 config web get - => not-found"))
    }

    @Test func `an object whose identifier nobody was told is not an earlier one`() throws {
        let history = """
            0 1 2 config web create a => created c1 5
            0 3 4 config web remove c1 => removed
            0 5 - config web create b => ?
            1 6 7 config web get - => found c2 9 b
            """
        #expect(try self.isLinearizable(history))
        #expect(try !self.isLinearizable(history.replacing("found c2", with: "found c1")))
    }

    @Test func `where the cluster writes too, a version may grow by itself`() throws {
        let history = """
            0 1 2 service web create a => created s1 5
            0 3 4 service web update s1 5 b => out-of-sequence
            1 5 6 service web get - => found s1 7 a
            """
        #expect(try self.isLinearizable(history, othersWrite: true))
        #expect(try !self.isLinearizable(history))
        let back = history + "\n1 7 8 service web get - => found s1 6 a"
        #expect(try !self.isLinearizable(back, othersWrite: true))
        #expect(try !self.isLinearizable(history.replacing("7 a", with: "7 b"), othersWrite: true))
    }

    @Test func `what lost calls cannot explain, however often they happen, is found with few steps`() throws {
        // Any seven of the fourteen creations may have happened: too many choices to try them all.
        let lost = (0..<14).map { "0 1 - config web create v\($0) => ?" }
        let rounds = (1...7).flatMap { round in
            let time = round * 10
            return [
                "1 \(time) \(time + 1) config web create v => already-exists",
                "1 \(time + 2) \(time + 3) config web remove - => removed",
            ]
        }
        let wrong = "1 100 101 config web get - => found c1 9 w"
        let text = (lost + rounds + [wrong]).joined(separator: "\n")
        let checker = HistoryChecker(ControlModel(), stepLimit: 5000)
        let verdict = checker.check(try ControlHistory(decoding: text).operations)
        #expect(verdict.counterexample?.blocked.called == 100)
    }
}
