import ArgumentParser
import Testing

@testable import swarmd

@Suite struct RunOptionsTests {
    private static func options(_ arguments: [String]) throws -> RunOptions {
        try RunOptions(RunCommand.parse(arguments))
    }

    @Test func `a flag of a new cluster is named where none is made`() {
        for (arguments, flag) in [
            (["--autolock"], "--autolock"), (["--snapshot-interval", "9"], "--snapshot-interval"),
            (["--join", "a:1", "--no-external-ca"], "--no-external-ca"),
        ] {
            let error = #expect(throws: CommandError.self) { try Self.options(arguments) }
            #expect(error?.description.hasPrefix("\(flag) goes with --init, ") == true)
        }
    }

    @Test func `a join without a token is for nodes that are in a cluster already`() throws {
        let options = try Self.options(["--join", "a:1"])
        try options.checkToken(isMember: true)
        let error = #expect(throws: CommandError.self) { try options.checkToken(isMember: false) }
        #expect(error?.description.hasPrefix("--join needs --token: `swarmd join-token worker`") == true)
        try Self.options([]).checkToken(isMember: false)
    }
}
