import ArgumentParser
import SwarmAPI
import SwiftProtobuf
import Testing
import Trust

@testable import swarmd

@Suite struct SwarmFlagsTests {
    private static func spec(_ arguments: [String]) throws -> SwarmClusterSpec {
        let flags = try ClusterFlags.parse(arguments)
        var spec = SwarmClusterSpec.with { $0.raft.snapshotInterval = 7 }
        try flags.apply(to: &spec)
        return spec
    }

    @Test func `flags change what they name and nothing else`() throws {
        let spec = try Self.spec([
            "--autolock", "--cert-expiry", "720h", "--dispatcher-heartbeat", "2s", "--task-history-limit",
            "-1",
            "--max-snapshots", "3",
        ])
        #expect(spec.encryptionConfig.autoLockManagers)
        #expect(spec.caConfig.nodeCertExpiry.seconds == 2_592_000)
        #expect(spec.dispatcher.heartbeatPeriod.seconds == 2)
        #expect(spec.orchestration.taskHistoryRetentionLimit == -1)
        #expect(spec.raft.keepOldSnapshots == 3)
        #expect(spec.raft.snapshotInterval == 7)
    }

    @Test(arguments: [
        ["--autolock=false"], ["--autolock", "false"], ["--autolock=0"], ["--autolock=FALSE"],
        ["--autolock=false", "--snapshot-interval", "9"],
        ["--autolock", "false", "--snapshot-interval", "9"],
    ])
    func `a lock is taken off by saying false`(_ arguments: [String]) throws {
        let flags = try ClusterFlags.parse(arguments)
        var spec = SwarmClusterSpec.with { $0.encryptionConfig.autoLockManagers = true }
        try flags.apply(to: &spec)
        #expect(!spec.encryptionConfig.autoLockManagers)
        #expect(flags.areGiven)
    }

    @Test func `no flag leaves everything`() throws {
        #expect(try !ClusterFlags.parse([]).areGiven)
        #expect(try Self.spec([]) == .with { $0.raft.snapshotInterval = 7 })
    }

    @Test(arguments: [
        (["--cert-expiry", "30m"], "--cert-expiry"),
        (["--dispatcher-heartbeat", "0s"], "--dispatcher-heartbeat"),
        (["--dispatcher-heartbeat", "1ns"], "--dispatcher-heartbeat"),
        (["--dispatcher-heartbeat", "61m"], "--dispatcher-heartbeat"),
        (["--snapshot-interval", "0"], "--snapshot-interval"),
        (["--max-snapshots", "-2"], "--max-snapshots"),
        (["--task-history-limit", "many"], "--task-history-limit"),
        (["--task-history-limit", "-2"], "--task-history-limit"),
        (["--cert-expiry", "-5h"], "--cert-expiry"),
        (["--autolock=no"], "--autolock"), (["--autolock=off"], "--autolock"),
        (["--autolock", "maybe"], "--autolock"),
    ])
    func `a value that makes no sense is refused by name`(_ arguments: [String], _ flag: String) throws {
        let error = #expect(throws: CommandError.self) { try Self.spec(arguments) }
        #expect(error?.description.contains("for \(flag): ") == true)
    }

    @Test func `an external authority has a protocol and an address`() throws {
        let external = try ExternalCAFlag.parse("protocol=cfssl,url=https://ca:8888/sign,profile=node")
        #expect(external.protocol == .cfssl)
        #expect(external.url == "https://ca:8888/sign")
        #expect(external.options == ["profile": "node"])
    }

    @Test func `external authorities are named anew, or taken out`() throws {
        var spec = SwarmClusterSpec.with { $0.caConfig.externalCas = [.with { $0.url = "https://old" }] }
        try ClusterFlags.parse(["--cert-expiry", "2h"]).apply(to: &spec)
        #expect(spec.caConfig.externalCas.map(\.url) == ["https://old"])
        try ClusterFlags.parse(["--external-ca", "protocol=cfssl,url=https://new"]).apply(to: &spec)
        #expect(spec.caConfig.externalCas.map(\.url) == ["https://new"])
        try ClusterFlags.parse(["--no-external-ca"]).apply(to: &spec)
        #expect(spec.caConfig.externalCas.isEmpty)
        let both = try ClusterFlags.parse([
            "--no-external-ca", "--external-ca", "protocol=cfssl,url=https://new",
        ])
        #expect(throws: CommandError("--external-ca and --no-external-ca exclude each other")) {
            try both.apply(to: &spec)
        }
    }

    @Test func `an external authority is shown, and warned of when it can't sign`() {
        let cluster = SwarmCluster.with {
            $0.spec.caConfig.externalCas = [
                .with {
                    $0.url = "https://ca:8888/sign"
                    $0.options = ["profile": "node"]
                }
            ]
        }
        let text = DockerJSON.cluster(cluster).line
        #expect(
            text.contains(
                #""ExternalCAs":[{"Protocol":"cfssl","URL":"https://ca:8888/sign","Options":{"profile":"node"}}]"#
            )
        )
        let lines = ExternalCAWarning.lines([
            .with { $0.url = "https://one" },
            .with {
                $0.url = "https://two"
                $0.problem = "connection refused"
            },
        ])
        #expect(lines.count == 1)
        #expect(lines[0].hasPrefix("WARNING: the external CA https://two can't sign: connection refused. "))
        #expect(lines[0].contains("--no-external-ca"))
    }

    @Test(arguments: [
        ("url=https://ca", "protocol is missing"), ("protocol=acme,url=https://ca", "is not known"),
        ("protocol=cfssl,url=http://ca", "must begin with https://"),
        ("protocol=cfssl,url", "the form key=value"), ("", "--no-external-ca takes all external CAs out"),
        ("protocol=cfssl,url=https://ca,cacert=/nowhere", "can't be read"),
    ])
    func `an external authority that can't work is refused`(_ text: String, _ problem: String) {
        let error = #expect(throws: CommandError.self) { try ExternalCAFlag.parse(text) }
        #expect(error?.description.contains(problem) == true)
    }

    @Test(arguments: [
        (["--ca-cert", "root.pem"], "--ca-cert goes with --rotate"),
        (["--detach"], "--detach goes with --rotate"),
        (["--no-external-ca"], "--no-external-ca goes with --rotate"),
        (["--rotate", "--ca-key", "k"], "--ca-key goes with --ca-cert"),
        (["--rotate", "--ca-cert", "c"], "--ca-cert needs --ca-key, or --external-ca that signs for it"),
    ])
    func `flags of a rotation that don't fit are refused before anybody is asked`(
        _ arguments: [String],
        _ problem: String
    ) async throws {
        let command = try AuthorityCommand.parse(["--socket", "/nowhere"] + arguments)
        let error = await #expect(throws: CommandError.self) { try await command.run() }
        #expect(error?.description == problem)
    }

    @Test func `an external CA of a rotation has the root that it signs for`() async throws {
        let command = try AuthorityCommand.parse([
            "--socket", "/nowhere", "--rotate", "--external-ca", "protocol=cfssl,url=https://ca:8888/sign",
        ])
        let error = await #expect(throws: CommandError.self) { try await command.run() }
        #expect(error?.description.hasPrefix("--external-ca needs --ca-cert, ") == true)
    }

    @Test func `a rotation after which external CAs sign no more says so`() throws {
        let config = SwarmCAConfig.with { $0.externalCas = [.with { $0.url = "https://ca:8888/sign" }] }
        let own = try AuthorityCommand.parse(["--rotate"])
        #expect(
            own.warning(of: config)?.contains("it signs itself from now on, and https://ca:8888/sign no more")
                == true
        )
        #expect(own.warning(of: .init()) == nil)
        #expect(try AuthorityCommand.parse(["--rotate", "--ca-cert", "c"]).warning(of: config) == nil)
    }

    @Test func `a join command can be copied`() {
        let lines = JoinText.made(
            .with {
                $0.nodeID = "n1"
                $0.addr = "192.0.2.1:4242"
                $0.workerToken = "SWMTKN-1-w"
                $0.unlockKey = "SWMKEY-1-k"
            }
        )
        #expect(lines.contains("    swarmd join --token SWMTKN-1-w 192.0.2.1:4242"))
        #expect(lines.contains("    SWMKEY-1-k"))
        #expect(lines.first == "Swarm initialized: node n1 is now a manager.")
    }

    private static let token =
        "SWMTKN-1-" + String(repeating: "a", count: JoinToken.digestLength) + "-"
        + String(repeating: "b", count: JoinToken.secretLength)

    @Test(arguments: [
        ("", "it is empty: `swarmd join-token worker`"), (" \n", "it is empty"),
        ("SWMKEY-1-abc", "this is an unlock key and no join token"),
        (Self.token.uppercased(), "the rest in small letters"), (Self.token.lowercased(), "in capitals"),
        (Self.token.replacing("aa-b", with: "aa- b"), "a blank or a line's end in it"),
        ("secret", "it does not begin with SWMTKN-"),
        ("secret", "`swarmd join-token worker` (or manager) on a manager prints it"),
        (String(Self.token.dropLast()), "its last part is not the 25 characters"),
    ])
    func `a token that is none is refused with what is wrong with it`(_ text: String, _ problem: String) {
        let error = #expect(throws: CommandError.self) { try TokenFlag.parse(text) }
        #expect(error?.description.hasPrefix("--token: ") == true)
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    @Test func `a refusal names the flag and not the field`() {
        #expect(FieldNames.translated("signing_ca_cert: too short") == "--ca-cert: too short")
        #expect(FieldNames.translated("external_cas.url: no") == "--external-ca: no")
        #expect(FieldNames.translated("join token: it is old") == "--token: it is old")
        #expect(FieldNames.translated("name: signing_ca_cert: x") == "name: signing_ca_cert: x")
    }

    @Test func `nothing is asked for where nothing is locked`() {
        #expect(UnlockCommand.refusal(.with { $0.phase = .locked }) == nil)
        #expect(
            UnlockCommand.refusal(.with { $0.phase = .active })?.description
                == "This node is not locked: there is nothing to unlock."
        )
        #expect(UnlockCommand.refusal(.init())?.description.contains("not part of a swarm") == true)
    }

    @Test func `a join names its managers and its role's token`() throws {
        let command = try JoinCommand.parse([
            "--token", " \(Self.token)\n", "--availability", "drain", "10.0.0.1:4242", "[fe80::1]:1",
        ])
        let request = try command.request()
        #expect(request.managers == ["10.0.0.1:4242", "[fe80::1]:1"])
        #expect(request.availability == .drain)
        #expect(request.token == Self.token)
        let wrong = try JoinCommand.parse(["--token", Self.token, "10.0.0.1"])
        let error = #expect(throws: CommandError.self) { try wrong.request() }
        #expect(error?.description.contains("it needs a port") == true)
    }
}
