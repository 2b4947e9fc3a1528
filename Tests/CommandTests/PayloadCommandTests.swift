import ArgumentParser
import Foundation
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

/// The commands of secrets and configs.
struct PayloadCommandTests {
    private static let now = Timestamp(seconds: 1_000_000)

    private func parse<Command: ParsableCommand>(_ arguments: String..., as: Command.Type) throws -> Command {
        try #require(SwarmdCommand.parseAsRoot(arguments) as? Command)
    }

    private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "payload-\(UUID())")
        try Data(text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    private static let secret = SwarmSecret.with {
        $0.id = "z69pn40srp1zccwy1avcvs1n9"
        $0.meta.version.index = 7
        $0.meta.createdAt = Timestamp(seconds: 996_400).protobuf
        $0.meta.updatedAt = Timestamp(seconds: 999_940).protobuf
        $0.spec.annotations.name = "key"
        $0.spec.annotations.labels = ["env": "prod", "a": ""]
        $0.spec.templating.name = "golang"
        $0.spec.data = Data("S3CRET".utf8)
    }
    private static let config = SwarmConfig.with {
        $0.id = "c1"
        $0.meta.createdAt = Timestamp(seconds: 999_999).protobuf
        $0.meta.updatedAt = Timestamp(seconds: 999_999).protobuf
        $0.spec.annotations.name = "site"
        $0.spec.data = Data("one\n\u{1b}[2Jtwo".utf8)
    }

    @Test func `a secret is made of a file and flags`() throws {
        try self.withFile("S3CRET\n") { path in
            let command = try self.parse(
                "secret",
                "create",
                "-l",
                "env=prod",
                "--label",
                "a",
                "--template-driver",
                "golang",
                "key",
                path,
                as: SecretCreate.self
            )
            let spec = try command.spec()
            #expect(spec.annotations.name == "key" && spec.annotations.labels == ["env": "prod", "a": ""])
            #expect(spec.templating.name == "golang" && spec.data == Data("S3CRET\n".utf8))
            #expect(!spec.hasDriver)
        }
    }

    @Test func `a config is made of a file`() throws {
        try self.withFile("x") { path in
            let spec = try self.parse("config", "create", "site", path, as: ConfigCreate.self).spec()
            #expect(spec.annotations.name == "site" && spec.data == Data("x".utf8) && !spec.hasTemplating)
        }
    }

    @Test func `what cannot be read says why, and what to give instead`() throws {
        let absent = try self.parse("secret", "create", "key", as: SecretCreate.self)
        #expect(
            throws: CommandError(
                "the file with the secret's content is missing: name it, or give - for standard input"
            )
        ) { try absent.spec() }
        let missing = try self.parse("config", "create", "site", "/nonexistent/x", as: ConfigCreate.self)
        #expect(throws: CommandError("/nonexistent/x: No such file or directory")) { try missing.spec() }
        let folder = try self.parse("config", "create", "site", "/", as: ConfigCreate.self)
        #expect(throws: CommandError("/ cannot be read: Is a directory")) { try folder.spec() }
        try self.withFile("") { path in
            let empty = try self.parse("secret", "create", "key", path, as: SecretCreate.self)
            #expect(throws: CommandError("\(path) is empty: a secret holds at least one byte")) {
                try empty.spec()
            }
        }
    }

    @Test(arguments: [("secret", 500), ("config", 1000)])
    func `the longest payload is taken and the next is refused`(kind: String, limit: Int) throws {
        try self.withFile(String(repeating: "x", count: limit * 1024 - 1)) { path in
            let longest = try PayloadInput.read(path, kind: kind, below: limit * 1024)
            #expect(longest.count == limit * 1024 - 1)
        }
        _ = try self.withFile(String(repeating: "x", count: limit * 1024)) { path in
            #expect(
                throws: CommandError("\(path) is too large: a \(kind) holds less than \(limit) KiB")
            ) { try PayloadInput.read(path, kind: kind, below: limit * 1024) }
        }
        #expect(SecretKind.bytes == 500 * 1024 && ConfigKind.bytes == 1000 * 1024)
    }

    @Test func `a secret of a driver has no file`() throws {
        let command = try self.parse("secret", "create", "--driver", "vault", "key", as: SecretCreate.self)
        #expect(try command.spec().driver.name == "vault")
        let both = try self.parse("secret", "create", "-d", "vault", "key", "-", as: SecretCreate.self)
        #expect(throws: CommandError.self) { try both.spec() }
        #expect(
            FieldNames.translated("driver: secret drivers are not available yet")
                == "--driver: secret drivers are not available yet"
        )
    }

    @Test func `labels change, and only those that are there go`() throws {
        let command = try self.parse(
            "secret",
            "update",
            "--label-add",
            "a=1",
            "--label-rm",
            "b",
            "key",
            as: PayloadUpdate<SecretKind>.self
        )
        #expect(try command.labels(instead: ["b": "2", "c": "3"]) == ["a": "1", "c": "3"])
        #expect(
            throws: CommandError.flag(
                "--label-rm",
                "b",
                "secret key has no such label: `swarmd secret inspect key` shows those that it has"
            )
        ) { try command.labels(instead: [:]) }
        let idle = try self.parse("config", "update", "site", as: PayloadUpdate<ConfigKind>.self)
        #expect(throws: CommandError("nothing to change: give --label-add or --label-rm")) {
            try idle.labels(instead: [:])
        }
    }

    @Test func `secrets and configs are listed as docker lists them`() throws {
        let secrets = PayloadListing<SecretKind>.make([Self.secret], now: Self.now)
        #expect(
            secrets.lines(.table)
                == [
                    "ID                          NAME      DRIVER    CREATED             UPDATED",
                    "z69pn40srp1zccwy1avcvs1n9   key                 About an hour ago   About a minute ago",
                ].map { $0.replacing("About", with: "about") }
        )
        #expect(secrets.lines(.quiet) == ["z69pn40srp1zccwy1avcvs1n9"])
        #expect(
            secrets.lines(.json) == [
                #"{"CreatedAt":"about an hour ago","Driver":"","ID":"z69pn40srp1zccwy1avcvs1n9","Labels":"a=,env=prod","Name":"key","UpdatedAt":"about a minute ago"}"#
            ]
        )
        let configs = PayloadListing<ConfigKind>.make([Self.config], now: Self.now)
        #expect(configs.lines(.table)[0] == "ID        NAME      CREATED        UPDATED")
        #expect(configs.lines(.table)[1] == "c1        site      1 second ago   1 second ago")
    }

    @Test func `a list is filtered by id, name and label`() throws {
        let keys: Set<String> = ["id", "name", "label"]
        func passes(_ filters: String...) throws -> Bool {
            try PayloadList<SecretKind>.matches(Self.secret, Filters(filters, keys: keys))
        }
        #expect(try passes("id=z69", "name=ke", "label=env=prod", "label=a"))
        #expect(try !passes("id=69"))
        #expect(try !passes("name=ey"))
        #expect(try !passes("label=env=test"))
    }

    @Test func `what a secret holds is shown nowhere, and a config's is`() {
        let texts = [
            DockerJSON.secret(Self.secret).pretty, PayloadText.secret(Self.secret).joined(separator: "\n"),
        ]
        let held = Self.secret.spec.data.base64EncodedString()
        for text in texts { #expect(!text.contains("S3CRET") && !text.contains(held), "\(text)") }
        #expect(
            DockerJSON.secret(Self.secret).line
                == #"{"ID":"z69pn40srp1zccwy1avcvs1n9","Version":{"Index":7},"CreatedAt":"1970-01-12T12:46:40Z","UpdatedAt":"1970-01-12T13:45:40Z","Spec":{"Name":"key","Labels":{"a":"","env":"prod"},"Templating":{"Name":"golang"}}}"#
        )
        #expect(DockerJSON.config(Self.config).line.contains(#""Data":"b25lChtbMkp0d28=""#))
    }

    @Test func `people read it in docker's words`() {
        #expect(
            PayloadText.secret(Self.secret) == [
                "ID:                z69pn40srp1zccwy1avcvs1n9",
                "Name:              key",
                "Labels:",
                " - a",
                " - env=prod",
                "Driver:",
                "Template:          golang",
                "Created at:        1970-01-12T12:46:40Z",
                "Updated at:        1970-01-12T13:45:40Z",
            ]
        )
        #expect(PayloadText.config(Self.config).suffix(3) == ["Data:", "one", " [2Jtwo"])
    }
}
