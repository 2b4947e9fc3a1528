import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import Testing

/// The record of changes of a real daemon.
@Suite(.serialized) struct AuditTests {
    @Test func `what operators changed is on record, also after the daemon was killed`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            let create = [
                "service", "create", "-d", "--name", "web", "--env", "PASSWORD=hunter2", "host", "true",
            ]
            #expect(try swarm.command("swarmd", create).status == 0)
            #expect(try swarm.command("swarmd", create).status == 1)
            swarm.kill("manager", SIGKILL)
            try swarm.restart("manager")
            try await swarm.waitUntil("the manager answers", within: 20) {
                try swarm.command("swarmd", ["service", "rm", "web"]).status == 0
            }
            let table = try swarm.command("swarmd", ["audit"])
            #expect(table.status == 0, "\(table.err)")
            let lines = table.out.split(separator: "\n").filter { $0.contains("service ") }
            #expect(lines.contains { $0.contains("Control.CreateService") && $0.hasSuffix("OK") })
            #expect(lines.contains { $0.contains("service web") && $0.contains("ALREADY_EXISTS") })
            #expect(lines.contains { $0.contains("Control.RemoveService") && $0.hasSuffix("OK") })
            #expect(!table.out.contains("hunter2"))

            let checked = try swarm.command("swarmd", ["audit", "--verify"])
            #expect(checked.status == 0, "\(checked.err)")
            #expect(checked.out.contains("whole and in order"))
            let folder = swarm.directory(of: "manager").appending(path: "audit")
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                let bytes = try Data(contentsOf: folder.appending(path: name))
                #expect(bytes.range(of: Data("hunter2".utf8)) == nil)
            }
        }
    }

    @Test func `what was altered is told after the next start too`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            for role in ["worker", "manager"] {
                #expect(try swarm.command("swarmd", ["join-token", "--rotate", role]).status == 0)
            }
            #expect(try swarm.command("swarmd", ["update", "--autolock=true"]).status == 0)
            #expect(try swarm.command("swarmd", ["update", "--autolock=false"]).status == 0)
            #expect(try swarm.command("swarmd", ["ca", "--rotate"]).status == 0)
            let table = try swarm.command("swarmd", ["audit"]).out
            for change in [
                "new worker token", "new manager token", "autolock on", "autolock off",
                "new root certificate",
            ] {
                #expect(table.contains(": \(change) "), "\(change) is not in\n\(table)")
            }
            let numbers = table.split(separator: "\n").dropFirst().compactMap {
                Int($0.prefix { $0 != " " })
            }
            #expect(numbers.count > 4 && numbers == numbers.sorted(), "\(table)")

            swarm.kill("manager", SIGKILL)
            let folder = swarm.directory(of: "manager").appending(path: "audit")
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
            var bytes = try Data(contentsOf: folder.appending(path: name))
            let place = try #require(bytes.range(of: Data("autolock on".utf8)))
            bytes.replaceSubrange(place, with: Data("autolock OK".utf8))
            try bytes.write(to: folder.appending(path: name))
            try swarm.restart("manager")
            try await swarm.waitUntil("the manager answers", within: 20) {
                try swarm.command("swarmd", ["node", "ls"]).status == 0
            }
            let checked = try swarm.command("swarmd", ["audit", "--verify"])
            #expect(checked.status == 1)
            #expect(checked.err.contains("\(name), byte "), "\(checked.err)")
            #expect(checked.err.contains("\(folder.path)/\(name)"), "\(checked.err)")
            #expect(try bytes == Data(contentsOf: folder.appending(path: name)))
            let after = try swarm.command("swarmd", ["audit"])
            #expect(after.status == 1 && after.out.contains("Audit.Recover"), "\(after.out)")
        }
    }
}
