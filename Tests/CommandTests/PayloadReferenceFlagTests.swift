import ArgumentParser
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

/// `--secret` and `--config` of services.
struct PayloadReferenceFlagTests {
    private func file(
        _ name: String,
        uid: String = "0",
        gid: String = "0",
        mode: UInt32 = 0o444
    ) -> SwarmFileTarget {
        .with {
            $0.name = name
            $0.uid = uid
            $0.gid = gid
            $0.mode = mode
        }
    }

    @Test func `both forms are read`() throws {
        func parse(_ text: String) throws -> (source: String, file: SwarmFileTarget) {
            try PayloadReferenceFlag.parse(text, flag: "--secret")
        }
        #expect(try parse("key") == ("key", self.file("key")))
        #expect(try parse("source=key") == ("key", self.file("key")))
        #expect(try parse("src=key,target=/etc/k") == ("key", self.file("/etc/k")))
        #expect(
            try parse("source=key,target=k,uid=33,gid=34,mode=0400")
                == ("key", self.file("k", uid: "33", gid: "34", mode: 0o400))
        )
        #expect(try parse("source=key,mode=0o440").file.mode == 0o440)
        // As docker: a number without a zero is decimal.
        #expect(try parse("source=key,mode=288").file.mode == 0o440)
        #expect(try parse("source=key,\"target=a,b\"").file.name == "a,b")
    }

    @Test(arguments: [
        ("", "the source is missing"), ("target=a", "the source is missing"),
        ("source=", "the source is missing"),
        ("source=a,uid=root", "uid is a number"), ("source=a,gid=-1", "gid is a number"),
        ("source=a,mode=0999", "mode is a file's permissions, as in 0440"),
        ("source=a,mode=070000", "mode is a file's permissions, as in 0440"),
        ("source=a,color=red", "unknown field \"color\": the fields are source, target, uid, gid and mode"),
        ("source=a,target", "field \"target\" has no value"), ("source=a,\"b", "a quote is not closed"),
    ])
    func `a bad reference says what is wrong`(text: String, problem: String) {
        #expect(throws: CommandError.flag("--secret", text, problem)) {
            try PayloadReferenceFlag.parse(text, flag: "--secret")
        }
    }

    private func updated(_ spec: SwarmServiceSpec, _ arguments: String...) throws -> SwarmServiceSpec {
        let command = try #require(
            SwarmdCommand.parseAsRoot(["service", "update"] + arguments + ["web"]) as? ServiceUpdate
        )
        var spec = spec
        try command.apply(to: &spec)
        return spec
    }

    @Test func `a service is given secrets and configs, and they are exchanged`() throws {
        let create = try #require(
            SwarmdCommand.parseAsRoot([
                "service", "create", "--secret", "key", "--secret", "source=pass,target=p", "--config",
                "source=site,target=/etc/site", "host", "true",
            ]) as? ServiceCreate
        )
        let spec = try create.spec()
        #expect(spec.task.container.secrets.map(\.secretName) == ["key", "pass"])
        #expect(spec.task.container.secrets.map(\.file) == [self.file("key"), self.file("p")])
        #expect(spec.task.container.configs.map(\.configName) == ["site"])
        #expect(spec.task.container.configs.map(\.file.name) == ["/etc/site"])

        let exchanged = try self.updated(
            spec,
            "--secret-rm",
            "key",
            "--secret-add",
            "source=key-2,target=key",
            "--config-add",
            "source=site-2,target=/etc/site",
            "--config-rm",
            "none"
        )
        #expect(exchanged.task.container.secrets.map(\.secretName) == ["pass", "key-2"])
        #expect(exchanged.task.container.secrets.map(\.file.name) == ["p", "key"])
        #expect(exchanged.task.container.configs.map(\.configName) == ["site-2"])
        #expect(try self.updated(spec, "--config-rm", "site").task.container.configs == [])
    }

    @Test func `inspecting a service shows what it is given`() throws {
        var spec = SwarmServiceSpec()
        spec.task.container.secrets = [
            .with {
                $0.secretID = "s1"
                $0.secretName = "key"
                $0.file = self.file("tls.key", mode: 0o400)
            }
        ]
        spec.task.container.configs = [
            .with {
                $0.configID = "c1"
                $0.configName = "credentials"
                $0.runtime = .init()
            }
        ]
        let line = DockerJSON.serviceSpec(spec).line
        #expect(
            line.contains(
                #""Secrets":[{"File":{"Name":"tls.key","UID":"0","GID":"0","Mode":256},"SecretID":"s1","SecretName":"key"}]"#
            )
        )
        #expect(line.contains(#""Configs":[{"Runtime":{},"ConfigID":"c1","ConfigName":"credentials"}]"#))
    }
}
