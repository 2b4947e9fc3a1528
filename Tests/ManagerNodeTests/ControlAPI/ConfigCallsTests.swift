import FoundationEssentials
import GRPCCore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct ConfigCallsTests {
    private static func create(
        _ name: String,
        bytes: Int = 3,
        _ manager: TestManager
    ) async throws -> SwarmConfig {
        try await manager.control.createConfig(
            request: .with {
                $0.spec.annotations.name = name
                $0.spec.data = Data(repeating: 7, count: bytes)
            },
            context: manager.context
        ).config
    }

    @Test func `CA-05: a config holds between 1 and 1023999 bytes`() async throws {
        try await TestManager.run { manager in
            for (name, bytes) in [("empty", 0), ("large", 1_024_000)] {
                let error = await rpcError { _ = try await Self.create(name, bytes: bytes, manager) }
                #expect(error?.code == .invalidArgument)
                #expect(error?.message == "config data must be larger than 0 and less than 1024000 bytes")
            }
            let longest = try await Self.create("longest", bytes: 1_023_999, manager)
            #expect(longest.spec.data.count == 1_023_999)
            #expect(await manager.state.configs.count == 1)
        }
    }

    @Test func `CA-05: only a config's labels change, and its data is told`() async throws {
        try await TestManager.run { manager in
            let made = try await Self.create("site", manager)
            let update: @Sendable (SwarmConfigSpec) async throws -> SwarmConfig = { spec in
                try await manager.control.updateConfig(
                    request: .with {
                        $0.configID = made.id
                        $0.configVersion = made.meta.version
                        $0.spec = spec
                    },
                    context: manager.context
                ).config
            }
            var spec = made.spec
            spec.data = Data([1])
            let error = await rpcError { [spec] in _ = try await update(spec) }
            #expect(error?.code == .invalidArgument && error?.message == "only updates to Labels are allowed")
            spec.data = Data()
            spec.annotations.labels = ["a": "b"]
            let changed = try await update(spec)
            #expect(changed.spec.annotations.labels == ["a": "b"] && changed.spec.data == made.spec.data)
        }
    }

    @Test func `CA-05: a config in use stays, and says who uses it, up to five`() async throws {
        try await TestManager.run { manager in
            let made = try await Self.create("site", manager)
            for number in 1...6 {
                var spec = Fixture.spec("web-\(number)")
                spec.task.container.configs = [
                    .with {
                        $0.configID = made.id
                        $0.configName = "site"
                        $0.file.name = "/etc/site.conf"
                    }
                ]
                _ = try await manager.control.createService(
                    request: .with { [spec] in $0.spec = spec },
                    context: manager.context
                )
            }
            let error = await rpcError {
                _ = try await manager.control.removeConfig(
                    request: .with { $0.configID = made.id },
                    context: manager.context
                )
            }
            #expect(error?.code == .invalidArgument)
            #expect(
                error?.message.hasPrefix("config 'site' is in use by the following services: web-") == true
            )
            #expect(error?.message.split(separator: "web-").count == 6)
            #expect(error?.message.hasSuffix(", ...") == true)
        }
    }
}
