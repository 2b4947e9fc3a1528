import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import Testing

/// The commands against a real daemon, as an operator types them.
@Suite(.serialized) struct CommandLineTests {
    @Test func `a bad spec is refused with a message that names the field, and changes nothing`() async throws
    {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            let create = ["service", "create", "-d"]
            let cases: [(arguments: [String], names: String)] = [
                (create + ["--name", "", "host", "true"], "name"),
                (create + ["--name", String(repeating: "x", count: 64), "host", "true"], "name"),
                (create + ["--name", "a", "--replicas", "-1", "host", "true"], "replicas"),
                (create + ["--name", "a", "--limit-memory", "1m", "host", "true"], "memory"),
                (
                    create + ["--name", "a", "--constraint", "node.role=~worker", "host", "true"],
                    "node.role=~worker"
                ),
                (create + ["--name", "a", "--limit-cpu", "0.0001", "host", "true"], "cpu"),
                (create + ["--name", "a", "--replicas", "1000000000", "host", "true"], "replicas"),
                (create + ["--name", "a", "--update-parallelism", "-1", "host"], "--update-parallelism"),
                (create + ["--name", "a", "--limit-pids", "-1", "host", "true"], "--limit-pids"),
                (["service", "scale", "a=1", "a=2"], "named twice"),
            ]
            for (arguments, field) in cases {
                let output = try swarm.command("swarmd", arguments)
                #expect(output.status == 1, "\(arguments)")
                #expect(output.out.isEmpty, "\(arguments)")
                #expect(output.err.split(separator: "\n").count <= 2, "\(output.err)")
                #expect(output.err.lowercased().contains(field), "\(arguments): \(output.err)")
            }
            #expect(try await client.control.listServices(.init()).services.isEmpty)
            #expect(try await client.control.listTasks(.init()).tasks.isEmpty)
        }
    }

    @Test func `an external CA that can't be reached is warned of, shown, and taken out`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            let named = try swarm.command(
                "swarmd",
                ["update", "--external-ca", "protocol=cfssl,url=https://127.0.0.1:1/sign"]
            )
            #expect(named.status == 0, "\(named.err)")
            #expect(
                named.err.hasPrefix(
                    "WARNING: the external CA https://127.0.0.1:1/sign can't sign: connection refused"
                )
            )
            #expect(named.err.split(separator: "\n").count == 1)
            let inspect = ["cluster", "inspect"]
            #expect(try swarm.command("swarmd", inspect).out.contains("https://127.0.0.1:1/sign"))
            let cleared = try swarm.command("swarmd", ["update", "--no-external-ca"])
            #expect(cleared.status == 0 && cleared.err.isEmpty, "\(cleared.err)")
            #expect(try !swarm.command("swarmd", inspect).out.contains("ExternalCAs"))
        }
    }

    @Test func `refusals say what to do next`() async throws {
        try await LocalSwarm.run(executor: "simulated", workers: 1) { swarm, _ in
            let cases: [(arguments: [String], next: String)] = [
                (["node", "rm", "worker-1"], "`swarmd node rm --force worker-1`"),
                (["node", "rm", "self"], "`swarmd node demote self`"),
                (["node", "demote", "self"], "`swarmd node promote NODE`"),
                (["unlock"], "there is nothing to unlock"),
            ]
            for (arguments, next) in cases {
                let output = try swarm.command("swarmd", arguments)
                #expect(output.status == 1)
                #expect(output.err.contains(next), "\(output.err)")
                #expect(output.err.split(separator: "\n").count == 1)
            }
        }
    }

    @Test func `a first start that can't listen leaves nothing behind`() async throws {
        try await LocalSwarm.run(executor: "simulated") { swarm, _ in
            let directory = swarm.folder.appending(path: "second").path
            let output = try swarm.command(
                "swarmd",
                [
                    "run", "--init", "--state-dir", directory, "--listen-addr", "127.0.0.1:\(swarm.port)",
                    "--socket", swarm.folder.appending(path: "second.sock").path,
                ]
            )
            #expect(output.status == 1)
            #expect(output.err.contains("127.0.0.1:\(swarm.port)"), "\(output.err)")
            let left = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(left.sorted() == ["audit", "lock"])
        }
    }

    @Test func `a service is created, scaled, updated and removed from the command line`() async throws {
        try await LocalSwarm.run { swarm, client in
            let script = ["sh", "-c", "echo hello from $NAME; exec sleep 600"]
            let created = try swarm.command(
                "swarmd",
                ["service", "create", "--name", "web", "--replicas", "2", "--env", "NAME=one", "host"]
                    + script
            )
            #expect(created.status == 0, "\(created.err)")
            #expect(try swarm.command("swarmd", ["service", "ls"]).out.contains("2/2"))

            #expect(try swarm.command("swarmd", ["service", "scale", "web=3"]).status == 0)
            #expect(try swarm.command("swarmd", ["service", "ls"]).out.contains("3/3"))

            let named = try swarm.command("swarmd", ["task", "inspect", "web.1"])
            #expect(named.status == 0, "\(named.err)")
            // What is not there is no mistake to remove, and no reason to replace tasks.
            let before = try await client.control.listTasks(.init()).tasks.map(\.id).sorted()
            let idle = try swarm.command("swarmd", ["service", "update", "--constraint-rm", "a==b", "web"])
            #expect(idle.status == 0, "\(idle.err)")
            #expect(try await client.control.listTasks(.init()).tasks.map(\.id).sorted() == before)

            let logs = try swarm.command("swarmd", ["service", "logs", "web"])
            #expect(logs.out.contains("hello from one"), "\(logs.err)")

            let updated = try swarm.command("swarmd", ["service", "update", "--env-add", "NAME=two", "web"])
            #expect(updated.status == 0, "\(updated.err)")
            try await swarm.waitUntil("the new tasks log", within: 20) {
                try swarm.command("swarmd", ["service", "logs", "web"]).out.contains("hello from two")
            }

            #expect(try swarm.command("swarmd", ["service", "rm", "web"]).status == 0)
            try await swarm.waitUntil("the tasks are gone", within: 20) {
                try await client.control.listTasks(.init()).tasks.isEmpty
            }
        }
    }

    @Test func `a secret and a config reach a task as files, and stay while they are used`() async throws {
        try await LocalSwarm.run { swarm, client in
            func swarmd(_ arguments: String...) throws -> (status: Int32, out: String, err: String) {
                let output = try swarm.command("swarmd", arguments)
                return (output.status, output.out, output.err)
            }
            let (key, conf) = (swarm.folder.appending(path: "key"), swarm.folder.appending(path: "conf"))
            try Data("S3CRET".utf8).write(to: key)
            try Data("{{.Service.Name}}.{{.Task.Slot}} {{secret \"key\"}} {{env \"LEVEL\"}}".utf8).write(
                to: conf
            )
            let made = try swarmd("secret", "create", "--label", "env=test", "db-key", key.path)
            #expect(made.status == 0 && made.out.count == 26, "\(made.err)")
            let config = try swarmd("config", "create", "--template-driver", "golang", "site", conf.path)
            #expect(config.status == 0, "\(config.err)")

            let script =
                "cat $CREDENTIALS_DIRECTORY/key $CONFIGURATION_DIRECTORY/site; echo \" $WHO\"; exec sleep 600"
            let created = try swarmd(
                "service",
                "create",
                "--name",
                "web",
                "--secret",
                "source=db-key,target=key",
                "--config",
                "site",
                "--env",
                "LEVEL=7",
                "--env",
                "WHO={{.Node.Hostname}}",
                "host",
                "sh",
                "-c",
                script
            )
            #expect(created.status == 0, "\(created.err)")
            let hostname =
                try await client.control.listNodes(.init()).nodes.first?.description_p.hostname ?? "?"
            try await swarm.waitUntil("the task shows its files", within: 20) {
                try swarmd("service", "logs", "web").out.contains("S3CRETweb.1 S3CRET 7 \(hostname)")
            }
            for (kind, name) in [("secret", "db-key"), ("config", "site")] {
                let refused = try swarmd(kind, "rm", name)
                #expect(refused.status == 1 && refused.out.isEmpty)
                #expect(
                    refused.err.contains("\(kind) '\(name)' is in use by the following service: web"),
                    "\(refused.err)"
                )
            }
            for shown in [try swarmd("secret", "ls"), try swarmd("secret", "inspect", "db-key")] {
                #expect(shown.status == 0 && shown.out.contains("db-key"))
                #expect(!shown.out.contains("S3CRET") && !shown.out.contains("UzNDUkVU"))
            }
            #expect(try swarmd("secret", "update", "--label-add", "env=prod", "db-key").status == 0)
            #expect(try swarmd("secret", "ls", "-q", "--filter", "label=env=prod").out == made.out)

            #expect(try swarmd("service", "rm", "web").status == 0)
            #expect(try swarmd("secret", "rm", "db-key").status == 0)
            #expect(try swarmd("config", "rm", "site").status == 0)
            #expect(try swarmd("secret", "ls", "-q").out.isEmpty)
        }
    }

    @Test func `bad secrets, templates and references are refused in one line, and change nothing`()
        async throws
    {
        try await LocalSwarm.run(executor: "simulated") { swarm, client in
            let large = swarm.folder.appending(path: "large")
            try Data(repeating: 7, count: 500 * 1024).write(to: large)
            let bad = swarm.folder.appending(path: "bad")
            try Data("a\n{{ nope }}".utf8).write(to: bad)
            let create = ["service", "create", "-d", "--name", "a"]
            let cases: [(arguments: [String], names: String)] = [
                (["secret", "create", "key", large.path], "is too large: a secret holds less than 500 KiB"),
                (["secret", "create", "a/b", bad.path], "invalid name"),
                (
                    ["secret", "create", "--driver", "vault", "key"],
                    "--driver: secret drivers are not available yet"
                ),
                (
                    ["config", "create", "--template-driver", "golang", "x", bad.path],
                    "line 2, column 4: there is no function \"nope\""
                ),
                (
                    ["config", "create", "--template-driver", "jinja", "x", bad.path],
                    "--template-driver: \"jinja\""
                ),
                (create + ["--secret", "none", "host", "true"], "no such secret: none: `swarmd secret ls`"),
                (create + ["--config", "none", "host", "true"], "no such config: none: `swarmd config ls`"),
                (
                    create + ["--env", "A={{.Nope}}", "host", "true"],
                    "env[0] (A): template: line 1, column 3"
                ),
                (["secret", "rm", "none"], "no such secret: none"),
            ]
            for (arguments, text) in cases {
                let output = try swarm.command("swarmd", arguments)
                #expect(output.status == 1 && output.out.isEmpty, "\(arguments)")
                #expect(output.err.split(separator: "\n").count == 1, "\(output.err)")
                #expect(output.err.contains(text), "\(arguments): \(output.err)")
            }
            #expect(try await client.control.listServices(.init()).services.isEmpty)
            #expect(try await client.control.listSecrets(.init()).secrets.isEmpty)
            #expect(try await client.control.listConfigs(.init()).configs.isEmpty)
        }
    }

    @Test func `no daemon, an unknown name and a bad flag each give one clear line`() async throws {
        let swarm = try LocalSwarm()
        defer { try? FileManager.default.removeItem(at: swarm.folder) }
        let absent = try swarm.command("swarmd", ["node", "ls"])
        #expect(absent.status == 1)
        #expect(absent.err.contains(swarm.socket))
        #expect(absent.err.split(separator: "\n").count == 1)

        let flag = try swarm.command("swarmd", ["service", "ls", "--no-such-flag"])
        #expect(flag.status == 1)
        #expect(flag.err.contains("--no-such-flag"))
    }

    @Test func `an address that can't be advertised is refused by name`() async throws {
        let swarm = try LocalSwarm()
        defer { try? FileManager.default.removeItem(at: swarm.folder) }
        let state = swarm.folder.appending(path: "state").path
        let output = try swarm.command(
            "swarmd",
            [
                "run", "--init", "--state-dir", state, "--socket", swarm.socket, "--listen-addr",
                "127.0.0.1:\(swarm.port)", "--advertise-addr", "0.0.0.0",
            ]
        )
        #expect(output.status == 1)
        #expect(output.err.contains("--advertise-addr: 0.0.0.0"))
    }

    @Test func `a node that is told to join another cluster does not go back to its own`() async throws {
        try await LocalSwarm.run(executor: "simulated", workers: 1) { swarm, _ in
            try await LocalSwarm.scratch { other in
                try other.start("manager", ["--init", "--executor", "simulated"])
                try await other.waitUntil("the other cluster answers", within: 20) {
                    _ = try await other.configs()
                    return true
                }
                swarm.kill("worker-1", SIGTERM)
                try swarm.start("worker-1", ["--join", "127.0.0.1:\(other.port)", "--executor", "simulated"])
                let end = try await swarm.end(of: "worker-1")
                #expect(end.status == 1)
                #expect(
                    end.line.contains("--join 127.0.0.1:\(other.port): the cluster there has another root")
                )
                #expect(end.line.contains("use another --state-dir"))
            }
        }
    }
}
