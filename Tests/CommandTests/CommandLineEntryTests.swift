import Testing

@testable import swarmd

struct CommandLineEntryTests {
    @Test func `the path names the command as far as it is one`() {
        #expect(CommandLineEntry.path(of: ["service", "create", "--x", "host"]) == "swarmd service create")
        #expect(CommandLineEntry.path(of: ["service", "bogus"]) == "swarmd service")
        #expect(CommandLineEntry.path(of: ["--bogus"]) == "swarmd")
    }

    @Test(arguments: [
        ["bogus"], ["node", "bogus"], ["node", "ls", "--bogus"], ["service", "ps"], ["service", "create"],
        ["service", "create", "--limit-memory", "lots", "host"], ["node", "ls", "--format", "xml"],
        ["node", "ls", "--filter", "colour=red"], ["service", "scale", "web"],
        ["service", "update", "--update-order", "sideways", "web"], ["completion", "tcsh"],
        ["node", "ls", "--socket", "/nonexistent/swarmd.sock"],
        ["node", "update", "--availability", "gone", "n"], ["service", "logs", "--tail", "x", "web"],
    ])
    func `whatever is wrong ends with 1`(arguments: [String]) async {
        #expect(await CommandLineEntry.run(arguments) == 1)
    }

    @Test func `a filter's value that nothing can have is refused, naming those that can be`() throws {
        let words = ["role": ["worker", "manager"]]
        let error = #expect(throws: CommandError.self) {
            try Filters(["role=boss"], keys: ["role", "name"], words: words)
        }
        #expect(
            error == .flag("--filter", "role=boss", "role must be worker or manager")
        )
        let filters = try Filters(["role=Worker", "name=boss"], keys: ["role", "name"], words: words)
        #expect(filters.pass("role") { $0 == "worker" })
    }

    @Test(arguments: [["--help"], ["service", "create", "--help"], ["--version"], ["completion", "bash"]])
    func `help and completion end with 0`(arguments: [String]) async {
        #expect(await CommandLineEntry.run(arguments) == 0)
    }
}
