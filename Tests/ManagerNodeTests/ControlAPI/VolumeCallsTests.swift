import FoundationEssentials
import GRPCCore
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

/// Cluster volumes.
@Suite struct VolumeCallsTests {
    private static func spec(_ name: String = "data") -> SwarmVolumeSpec {
        .with {
            $0.annotations.name = name
            $0.driver.name = "csi-driver"
            $0.group = "disks"
            $0.accessMode.mount = .init()
        }
    }

    private static func create(_ spec: SwarmVolumeSpec, _ manager: TestManager) async throws -> SwarmVolume {
        try await manager.control.createVolume(
            request: .with { $0.spec = spec },
            context: manager.context
        ).volume
    }

    private static func remove(
        _ volume: SwarmVolume,
        force: Bool = false,
        _ manager: TestManager
    ) async throws {
        _ = try await manager.control.removeVolume(
            request: .with {
                $0.volumeID = volume.id
                $0.force = force
            },
            context: manager.context
        )
    }

    struct BadVolume: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let change: @Sendable (inout SwarmVolumeSpec) -> Void
    }

    static let badVolumes: [BadVolume] = [
        .init(testDescription: "driver must be specified") { $0.clearDriver() },
        .init(testDescription: "meta: name must be provided") { $0.annotations.name = "" },
        .init(testDescription: "AccessMode must not be nil") { $0.clearAccessMode() },
        .init(testDescription: "Volume AccessMode must specify either Mount or Block access type") {
            $0.accessMode.accessType = nil
        },
        .init(testDescription: "secret not found: s1") { $0.secrets = [.with { $0.secret = "s1" }] },
        .init(testDescription: "secrets not found: s1, s2") {
            $0.secrets = ["s1", "s2"].map { id in .with { $0.secret = id } }
        },
    ]

    @Test(arguments: Self.badVolumes)
    func `CA-11: a bad volume is refused`(_ bad: BadVolume) async throws {
        try await TestManager.run { manager in
            var spec = Self.spec()
            bad.change(&spec)
            let error = await rpcError { [spec] in _ = try await Self.create(spec, manager) }
            #expect(error?.code == .invalidArgument && error?.message == bad.testDescription)
            #expect(await manager.state.volumes.count == 0)
        }
    }

    @Test func `CA-11: a volume without a spec is refused, and a name is given once`() async throws {
        try await TestManager.run { manager in
            let bare = await rpcError {
                _ = try await manager.control.createVolume(request: .init(), context: manager.context)
            }
            #expect(bare?.code == .invalidArgument && bare?.message == "spec must not be nil")
            _ = try await Self.create(Self.spec(), manager)
            let twice = await rpcError { _ = try await Self.create(Self.spec("DATA"), manager) }
            #expect(twice?.code == .unknown)
            #expect(twice?.message == "name conflicts with an existing object")
        }
    }

    @Test func `CA-11: only labels and availability of a volume change`() async throws {
        try await TestManager.run { manager in
            let made = try await Self.create(Self.spec(), manager)
            let update: @Sendable (SwarmVolumeSpec) async throws -> SwarmVolume = { spec in
                try await manager.control.updateVolume(
                    request: .with {
                        $0.volumeID = made.id
                        $0.volumeVersion = made.meta.version
                        $0.spec = spec
                    },
                    context: manager.context
                ).volume
            }
            let changes: [(String, @Sendable (inout SwarmVolumeSpec) -> Void)] = [
                ("Name", { $0.annotations.name = "other" }), ("Group", { $0.group = "" }),
                ("AccessibilityRequirements", { $0.accessibilityRequirements = .init() }),
                ("Driver", { $0.driver.name = "other" }),
                ("AccessMode", { $0.accessMode.scope = .multiNode }),
                ("Secrets", { $0.secrets = [.init()] }),
                ("CapacityRange", { $0.capacityRange.limitBytes = 1 }),
            ]
            for (field, change) in changes {
                var spec = made.spec
                change(&spec)
                let error = await rpcError { [spec] in _ = try await update(spec) }
                #expect(error?.code == .invalidArgument && error?.message == "\(field) cannot be updated")
            }
            var spec = made.spec
            spec.annotations.labels = ["a": "b"]
            spec.availability = .drain
            let changed = try await update(spec)
            #expect(changed.spec == spec && changed.meta.version.index > made.meta.version.index)
            let stale = await rpcError { [spec] in _ = try await update(spec) }
            #expect(stale?.code == .unknown && stale?.message == "update out of sequence")
        }
    }

    @Test func `CA-11: volumes are found where all sorts of filters meet`() async throws {
        try await TestManager.run { manager in
            let one = try await Self.create(Self.spec("one"), manager)
            var other = Self.spec("two")
            other.group = ""
            other.driver.name = "nfs"
            other.annotations.labels = ["a": "b"]
            _ = try await Self.create(other, manager)
            let list: @Sendable (SwarmListVolumesRequest.Filters) async throws -> [String] = { filters in
                try await manager.control.listVolumes(
                    request: .with { $0.filters = filters },
                    context: manager.context
                ).volumes.map(\.spec.annotations.name).sorted()
            }
            #expect(try await list(.init()) == ["one", "two"])
            #expect(try await list(.with { $0.groups = ["disks"] }) == ["one"])
            #expect(try await list(.with { $0.drivers = ["nfs"] }) == ["two"])
            #expect(try await list(.with { $0.labels = ["a": "b"] }) == ["two"])
            #expect(
                try await list(
                    .with {
                        $0.idPrefixes = [one.id]
                        $0.drivers = ["nfs"]
                    }
                ) == []
            )
        }
    }

    @Test func `CA-11: a volume in use stays unless it is forced to go`() async throws {
        try await TestManager.run { manager in
            var volume = SwarmVolume.with {
                $0.id = "v1"
                $0.spec = Self.spec()
                $0.volumeInfo.volumeID = "at-the-driver"
                $0.publishStatus = [.with { $0.nodeID = "n1" }]
            }
            volume = try await manager.add(volume)
            let error = await rpcError { [volume] in try await Self.remove(volume, manager) }
            #expect(error?.code == .failedPrecondition && error?.message == "volume is still in use")
            try await Self.remove(volume, force: true, manager)
            #expect(await manager.state.volumes.count == 0)
            let gone = await rpcError { [volume] in try await Self.remove(volume, manager) }
            #expect(gone?.code == .notFound && gone?.message == "volume v1 not found")
        }
    }

    @Test func `CA-11: a volume that its driver has made is only marked for removal`() async throws {
        try await TestManager.run { manager in
            let made = try await manager.add(
                SwarmVolume.with {
                    $0.id = "v1"
                    $0.spec = Self.spec()
                    $0.volumeInfo.volumeID = "at-the-driver"
                }
            )
            try await Self.remove(made, manager)
            let marked = try await manager.control.getVolume(
                request: .with { $0.volumeID = "v1" },
                context: manager.context
            ).volume
            #expect(marked.pendingDelete)
            let unmade = try await Self.create(Self.spec("other"), manager)
            try await Self.remove(unmade, manager)
            #expect(await manager.state.volumes.all == [marked])
        }
    }
}
