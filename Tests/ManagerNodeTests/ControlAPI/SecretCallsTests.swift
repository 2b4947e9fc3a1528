import FoundationEssentials
import GRPCCore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct SecretCallsTests {
    private static func spec(_ name: String, bytes: Int = 3) -> SwarmSecretSpec {
        .with {
            $0.annotations.name = name
            $0.data = Data(repeating: 7, count: bytes)
        }
    }

    private static func create(_ manager: TestManager, _ spec: SwarmSecretSpec) async throws -> SwarmSecret {
        try await manager.control.createSecret(
            request: .with { $0.spec = spec },
            context: manager.context
        ).secret
    }

    @Test func `a secret's data goes in and never comes out`() async throws {
        try await TestManager.run { manager in
            let secret = try await Self.create(manager, Self.spec("key"))
            #expect(secret.spec.data.isEmpty)
            let got = try await manager.control.getSecret(
                request: .with { $0.secretID = secret.id },
                context: manager.context
            ).secret
            #expect(got == secret)
            let listed = try await manager.control.listSecrets(request: .init(), context: manager.context)
            #expect(listed.secrets == [secret])
            #expect(await manager.state.secrets[secret.id]?.spec.data.count == 3)
        }
    }

    @Test func `only labels of a secret can be changed`() async throws {
        try await TestManager.run { manager in
            let secret = try await Self.create(manager, Self.spec("key"))
            let update: @Sendable (SwarmSecretSpec) async throws -> SwarmSecret = { spec in
                try await manager.control.updateSecret(
                    request: .with {
                        $0.secretID = secret.id
                        $0.secretVersion = secret.meta.version
                        $0.spec = spec
                    },
                    context: manager.context
                ).secret
            }
            let other = await rpcError { _ = try await update(Self.spec("key", bytes: 4)) }
            #expect(other?.code == .invalidArgument)
            #expect(other?.message == "only updates to Labels are allowed")
            var spec = secret.spec
            spec.annotations.labels = ["a": "b"]
            let updated = try await update(spec)
            #expect(updated.spec.annotations.labels == ["a": "b"])
            #expect(await manager.state.secrets[secret.id]?.spec.data.count == 3)
        }
    }

    @Test func `a secret in use stays, and says who uses it`() async throws {
        try await TestManager.run { manager in
            let secret = try await Self.create(manager, Self.spec("key"))
            var spec = Fixture.spec()
            spec.task.container.secrets = [
                .with {
                    $0.secretID = secret.id
                    $0.secretName = "key"
                    $0.file.name = "key"
                }
            ]
            let service = try await manager.control.createService(
                request: .with { [spec] in $0.spec = spec },
                context: manager.context
            ).service
            let remove: @Sendable () async throws -> Void = {
                _ = try await manager.control.removeSecret(
                    request: .with { $0.secretID = secret.id },
                    context: manager.context
                )
            }
            let error = await rpcError(remove)
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "secret 'key' is in use by the following service: web")
            _ = try await manager.control.removeService(
                request: .with { $0.serviceID = service.id },
                context: manager.context
            )
            try await remove()
            #expect(await manager.state.secrets.count == 0)
        }
    }

    struct BadSecret: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: RPCError.Code
        let spec: SwarmSecretSpec
    }

    static let badSecrets: [BadSecret] = [
        .init(testDescription: "no name", code: .invalidArgument, spec: Self.spec("")),
        .init(testDescription: "name with a slash", code: .invalidArgument, spec: Self.spec("a/b")),
        .init(
            testDescription: "name of 65 characters",
            code: .invalidArgument,
            spec: Self.spec(String(repeating: "a", count: 65))
        ),
        .init(testDescription: "no data", code: .invalidArgument, spec: Self.spec("key", bytes: 0)),
        .init(
            testDescription: "too much data",
            code: .invalidArgument,
            spec: Self.spec("key", bytes: PayloadValidation.secretBytes)
        ),
        .init(
            testDescription: "driver",
            code: .unimplemented,
            spec: .with {
                $0.annotations.name = "key"
                $0.driver.name = "vault"
            }
        ),
    ]

    @Test(arguments: Self.badSecrets)
    func `a bad secret is refused`(_ bad: BadSecret) async throws {
        try await TestManager.run { manager in
            #expect(await rpcError { _ = try await Self.create(manager, bad.spec) }?.code == bad.code)
            #expect(await manager.state.secrets.count == 0)
        }
    }

    @Test func `the longest secret goes through`() async throws {
        try await TestManager.run { manager in
            let spec = Self.spec("key", bytes: PayloadValidation.secretBytes - 1)
            let secret = try await Self.create(manager, spec)
            #expect(await manager.state.secrets[secret.id]?.spec.data.count == 511_999)
        }
    }

    @Test func `a name that is taken is refused for secrets and configs`() async throws {
        try await TestManager.run { manager in
            _ = try await Self.create(manager, Self.spec("key"))
            let secret = await rpcError { _ = try await Self.create(manager, Self.spec("KEY")) }
            #expect(secret?.code == .alreadyExists)
            #expect(secret?.message == "secret KEY already exists")
            let spec = SwarmConfigSpec.with {
                $0.annotations.name = "key"
                $0.data = Data([1])
            }
            let create: @Sendable () async throws -> SwarmConfig = {
                try await manager.control.createConfig(
                    request: .with { $0.spec = spec },
                    context: manager.context
                ).config
            }
            let config = try await create()
            #expect(config.spec.data == Data([1]))
            #expect(await rpcError { _ = try await create() }?.message == "config key already exists")
        }
    }

    @Test func `secrets are found by any one of their filters`() async throws {
        try await TestManager.run { manager in
            for name in ["alpha", "beta", "gamma"] { _ = try await Self.create(manager, Self.spec(name)) }
            try await manager.add(
                SwarmSecret.with {
                    $0.id = "internal"
                    $0.spec = Self.spec("hidden")
                    $0.internal = true
                }
            )
            let found = try await manager.control.listSecrets(
                request: .with {
                    $0.filters.names = ["ALPHA"]
                    $0.filters.namePrefixes = ["gam", "hid"]
                },
                context: manager.context
            )
            #expect(found.secrets.map(\.spec.annotations.name).sorted() == ["alpha", "gamma"])
        }
    }
}
