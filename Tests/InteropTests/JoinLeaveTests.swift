import BenchSupport
import Foundation
import Testing

/// Joins that come to nothing, and managers that leave.
@Suite(.serialized) struct JoinLeaveTests {
    /// A token of some cluster.
    private static let token =
        "SWMTKN-1-" + String(repeating: "0", count: 50) + "-" + String(repeating: "0", count: 25)

    @Test func `a join tells what it waits for, and a leave gives it up`() async throws {
        try await LocalSwarm.scratch { swarm in
            try swarm.start("lonely", ["--executor", "simulated"])
            try await swarm.waitUntil("the daemon answers", within: 20) {
                try swarm.command("swarmd", ["join", "--token", "x", "127.0.0.1:1"], on: "lonely").status != 0
                    && FileManager.default.fileExists(atPath: swarm.socket(of: "lonely"))
            }
            let dead = "127.0.0.1:\(try FreePort.find())"
            let join = Process()
            join.executableURL = Products.swarmd
            join.arguments = ["join", "--token", Self.token, dead, "--socket", swarm.socket(of: "lonely")]
            let errors = swarm.folder.appending(path: "join.err")
            _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
            join.standardError = try FileHandle(forWritingTo: errors)
            try join.run()
            try await swarm.waitUntil("the join tells what it waits for", within: 5) {
                try String(contentsOf: errors, encoding: .utf8)
                    .hasPrefix("waiting for \(dead): connection refused; giving up in ")
            }
            let left = try swarm.command("swarmd", ["leave"], on: "lonely")
            #expect(left.status == 0, "\(left.err)")
            join.waitUntilExit()
            #expect(join.terminationStatus == 1)
            #expect(try String(contentsOf: errors, encoding: .utf8).contains("The join was given up"))
            let files = try FileManager.default.contentsOfDirectory(
                atPath: swarm.directory(of: "lonely").path
            )
            #expect(files.sorted() == ["audit", "lock"])
            let made = try swarm.command("swarmd", ["init"], on: "lonely")
            #expect(made.status == 0, "\(made.err)")
        }
    }

    @Test func `a name that does not resolve is refused at once`() async throws {
        try await LocalSwarm.scratch { swarm in
            try swarm.start("lonely", ["--executor", "simulated"])
            try await swarm.waitUntil("the daemon says that", within: 25) {
                try swarm.command(
                    "swarmd",
                    ["join", "--token", Self.token, "no-such-host.invalid:4242"],
                    on: "lonely"
                ).err.contains("no-such-host.invalid:4242 can't be reached: its name does not resolve")
            }
        }
    }

    @Test func `one of two managers stays, and one of three leaves without a warning`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            try await swarm.startManager("manager-2")
            try await swarm.waitForVoters(2)
            let refused = try swarm.command("swarmd", ["leave"], on: "manager-2")
            #expect(refused.status == 1)
            #expect(
                refused.err.contains("of 2 managers, a majority of which is 2, it would leave 1"),
                "\(refused.err)"
            )
            try await swarm.startManager("manager-3")
            try await swarm.waitForVoters(3)
            let left = try swarm.command("swarmd", ["leave"])
            #expect(left.status == 0, "\(left.err)")
            for name in ["manager-2", "manager-3"] {
                #expect(try !swarm.logText(of: name).contains("forwarder is no manager"))
            }
        }
    }
}
