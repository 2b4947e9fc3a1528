import Testing

@Suite struct DataDrivenFileTests {
    @Test func `commands, arguments, input, answers and comments are told apart`() throws {
        let text = """
            # A comment.
            add-nodes 3 voters=(1,2 3) \\
            index=10
            v1 l2
            ----
            > 1 handling Ready
              INFO 1 became follower

            status 1
            ----
            ----
            one

            two
            ----
            ----

            quiet
            ----
            DEBUG nothing
            """
        let cases = DataDrivenFile.cases(
            text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        )
        #expect(cases.map(\.command) == ["add-nodes", "status", "quiet"])
        #expect(cases[0].line == 2)
        #expect(cases[0].numbers == [3])
        #expect(cases[0].values("voters") == ["1", "2", "3"])
        #expect(cases[0].values("index") == ["10"])
        #expect(cases[0].input == ["v1 l2"])
        #expect(cases[0].expectedWithoutLogs == ["> 1 handling Ready"])
        #expect(cases[1].expected == ["one", "", "two"])
        #expect(cases[2].expectedWithoutLogs == ["ok"])
    }
}
