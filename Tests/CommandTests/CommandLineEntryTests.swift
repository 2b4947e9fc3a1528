import ArgumentParser
import ControlClient
import Foundation
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
        ["nod", "--help"], ["node", "lss", "--help"], ["help", "nod"], ["update", "--autolock="],
        ["node", "update", "--availability", "gone", "n"], ["service", "logs", "--tail", "x", "web"],
    ])
    func `whatever is wrong ends with 1`(arguments: [String]) async {
        #expect(await CommandLineEntry.run(arguments) == 1)
    }

    @Test(arguments: [
        (["nod", "--help"], "there is no command `swarmd nod`: did you mean `swarmd node`?"),
        (["service", "craete"], "`swarmd service craete`: did you mean `swarmd service create`?"),
        (["help", "servce", "ls"], "did you mean `swarmd service`?"),
        (["swarm", "init"], "as in `swarmd init`"), (["bogus"], "(see `swarmd --help`)"),
    ])
    func `a word that is no command is told with what it may be meant for`(
        _ arguments: [String],
        _ text: String
    ) {
        #expect(UnknownVerb(in: arguments)?.description.contains(text) == true)
    }

    @Test(arguments: [
        [], ["--help"], ["help"], ["help", "node"], ["node", "--help"], ["node", "list"],
        ["node", "inspect", "nod"],
        ["--socket", "x"],
    ])
    func `what is a command is none of those`(_ arguments: [String]) {
        #expect(UnknownVerb(in: arguments) == nil)
    }

    @Test func `examples stay in one line however narrow the help is`() {
        let line =
            "swarmd ca --rotate --ca-cert root.pem --external-ca protocol=cfssl,url=https://ca:8888/api/v1/cfssl"
        for width in [40, 80, 100] {
            let help = HelpText.printed(AuthorityCommand.helpMessage(columns: width))
            #expect(help.split(separator: "\n").contains { $0.hasPrefix("  \(line)") }, "\(width)")
        }
    }

    @Test func `a node that can't go is told with the way out`() {
        let live = ControlError(.refused, "node abc is not down and can't be removed")
        #expect(NodeAdvice.explained(live, "w1").description.hasSuffix("`swarmd node rm --force w1`"))
        let last = ControlError(.refused, "attempting to demote the last manager of the swarm")
        #expect(NodeAdvice.explained(last, "m1").description.contains("`swarmd node promote NODE`"))
        let other = ControlError(.refused, "something else")
        #expect(NodeAdvice.explained(other, "w1") == other)
    }

    @Test func `a state directory that is a file, or in one, is told in one line`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "swarmd-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        for path in [file.path, file.appending(path: "state").path] {
            let error = #expect(throws: CommandError.self) { _ = try StateDirectory(path: path) }
            #expect(error?.description.hasPrefix("--state-dir \(path): ") == true)
            #expect(error?.description.contains("is a file and no directory") == true)
        }
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
