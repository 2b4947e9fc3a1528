// swift-tools-version: 6.2
import PackageDescription

/// The settings of every module of ours.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

/// Modules that hold generated code, which imports publicly.
let generated: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let grpc: [Target.Dependency] = [
    .product(name: "GRPCCore", package: "grpc-swift-2"),
    .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
]
let http2: [Target.Dependency] = [
    .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let http2Frames: [Target.Dependency] = [
    .product(name: "NIOHTTP2", package: "swift-nio-http2"),
    .product(name: "NIOHPACK", package: "swift-nio-http2"),
]
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let persistent: Target.Dependency = .product(name: "HashTreeCollections", package: "swift-collections")
let queues: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let certificates: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let tls: [Target.Dependency] = [
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
    .product(name: "NIOTLS", package: "swift-nio"),
]
let services: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")

let wire: [Target.Dependency] = ["SwarmAPI", "Primitives", protobuf]

func module(_ name: String, in folder: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(folder)/\(name)", swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], excluding files: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + dependencies,
        path: "Tests/\(name)Tests",
        exclude: files,
        swiftSettings: strict
    )
}

let package = Package(
    name: "swarm",
    products: [
        .executable(name: "swarmd", targets: ["swarmd"]),
        .executable(name: "swarmtop", targets: ["swarmtop"]),
    ],
    dependencies: [
        // The wire: gRPC over HTTP/2 and protobuf, as SwarmKit speaks it.
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        // The listener of our own (architecture D4) needs the channels beneath gRPC.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // HTTP/2's frames and header compression, beneath our own server of calls (docs/decisions/0008).
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        // TLS: encryption and handshakes; whom to believe is decided by ourselves (architecture D5).
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        // Structured logs.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        // Commands, flags, help and shell completion.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Persistent hash tables under the store (architecture D6).
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        // AEAD of the log's records, and PKCS #8 under a password.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // Certificates: making, reading and verifying them (architecture D5), and the encoding beneath.
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        // External certificate authorities speak HTTPS; HTTP's corner cases are not worth a client of our own.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        // Start and ordered stop of the daemon's parts, with signals.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // The worker's task database: SQLite with migrations and WAL (architecture D8).
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // Shared
        module("Primitives", in: "Shared", []),
        .target(
            name: "SwarmAPI",
            dependencies: ["Primitives", protobuf],
            path: "Sources/Shared/SwarmAPI",
            exclude: ["Protos"],
            swiftSettings: generated
        ),
        .target(
            name: "SwarmRPC",
            dependencies: wire + grpc + http2 + http2Frames,
            path: "Sources/Shared/SwarmRPC",
            swiftSettings: generated
        ),
        module("ControlClient", in: "Shared", ["SwarmRPC"] + wire + grpc + http2),

        // swarmd, pure
        module("RaftCore", in: "swarmd", ["Primitives"]),
        module("StoreCore", in: "swarmd", wire + [persistent]),
        module("Execution", in: "swarmd", wire),
        module("NodePlan", in: "swarmd", wire),
        module("Templating", in: "swarmd", wire),
        module("Orchestration", in: "swarmd", ["Scheduling", "StoreCore"] + wire),
        module("Scheduling", in: "swarmd", ["StoreCore"] + wire),
        module("Allocation", in: "swarmd", ["StoreCore"] + wire),
        module("Dispatching", in: "swarmd", ["StoreCore"] + wire),
        module("Trust", in: "swarmd", ["StoreCore", crypto, cryptoExtras, certificates, asn1] + wire),

        // swarmd, shells
        .target(name: "CLinux", path: "Sources/swarmd/CLinux"),
        module("LinuxSystem", in: "swarmd", ["CLinux", "Primitives"]),
        module("ReplicatedStore", in: "swarmd", ["StoreCore", logging, queues] + wire),
        module(
            "Replication",
            in: "swarmd",
            ["RaftCore", "CLinux", "StoreCore", "ReplicatedStore", "SwarmRPC", logging, crypto, queues] + wire
                + grpc
                + http2
        ),
        module(
            "WorkerNode",
            in: "swarmd",
            ["Execution", "LinuxSystem", "SwarmRPC", "Templating", logging, grdb] + wire + grpc + http2
        ),
        module(
            "Credentials",
            in: "swarmd",
            ["Trust", "LinuxSystem", "SwarmRPC", logging, crypto, cryptoExtras, certificates, asn1] + tls
                + wire
                + grpc + http2
        ),
        module("ContainerRuntime", in: "swarmd", ["Execution", "NodePlan", "LinuxSystem", logging] + wire),
        module(
            "Serving",
            in: "swarmd",
            [
                "Primitives", "SwarmRPC", logging, .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "NIOCore", package: "swift-nio"),
            ] + http2Frames
        ),
        module(
            "ManagerNode",
            in: "swarmd",
            [
                "Orchestration", "Scheduling", "Allocation", "Dispatching", "StoreCore", "ReplicatedStore",
                "Replication", "RaftCore", "SwarmRPC", "Serving", "Trust", "Credentials", "CLinux",
                "LinuxSystem", "Templating",
                logging, persistent, crypto, certificates, httpClient,
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ] + tls + wire + grpc + http2
        ),
        .executableTarget(
            name: "swarmd",
            dependencies: [
                "ManagerNode", "WorkerNode", "ContainerRuntime", "Replication", "ReplicatedStore",
                "Credentials", "Trust", "Execution",
                "LinuxSystem", "ControlClient", "SwarmRPC", logging, services, signals, arguments,
                crypto, certificates, asn1,
            ] + wire + grpc + http2,
            path: "Sources/swarmd/Main",
            swiftSettings: strict,
            // The daemon's memory: an eighth less processor time for a write (docs/decisions/0018).
            linkerSettings: [.linkedLibrary("jemalloc")]
        ),

        // swarmtop
        module("ConsoleCore", in: "swarmtop", wire),
        .systemLibrary(name: "CNcurses", path: "Sources/swarmtop/CNcurses"),
        .executableTarget(
            name: "swarmtop",
            dependencies: ["ConsoleCore", "ControlClient", "CNcurses", "Primitives", "SwarmAPI", protobuf],
            path: "Sources/swarmtop/Main",
            swiftSettings: strict
        ),

        // What is measured, against which limit or peer
        .target(name: "BenchSupport", path: "Benchmarks/Support", swiftSettings: strict),
        .target(
            name: "EtcdAPI",
            dependencies: [protobuf] + grpc,
            path: "Benchmarks/EtcdAPI",
            exclude: ["etcd.proto"],
            swiftSettings: generated
        ),
        .executableTarget(
            name: "swarm-bench",
            dependencies: ["BenchSupport", "ControlClient", "SwarmRPC", "TerminalTesting"] + wire + grpc
                + http2,
            path: "Benchmarks/SwarmBench",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "swarm-bench-raft",
            dependencies: [
                "BenchSupport", "EtcdAPI", "LinuxSystem", "RaftCore", "Replication", "ReplicatedStore",
                "StoreCore", "SwarmRPC", "NetworkLab", "FailoverLab", "Linearizability", arguments, signals,
            ] + wire + grpc + http2 + http2Frames,
            path: "Benchmarks/RaftBench",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "swarm-bench-brain",
            dependencies: ["Scheduling", "StoreCore"] + wire,
            path: "Benchmarks/BrainBench",
            swiftSettings: strict
        ),

        // Tests
        tests("Primitives", []),
        .testTarget(
            name: "SwarmAPITests",
            dependencies: ["SwarmRPC"] + wire + grpc,
            path: "Tests/SwarmAPITests",
            resources: [.copy("Descriptors")],
            swiftSettings: strict
        ),
        .target(
            name: "Linearizability",
            path: "Tests/Support/Linearizability",
            swiftSettings: strict
        ),
        tests("Linearizability", ["Primitives"]),
        .target(
            name: "GroupSimulation",
            dependencies: ["RaftCore", "Replication", "ReplicatedStore", "StoreCore", "Linearizability"]
                + wire,
            path: "Tests/Support/GroupSimulation",
            swiftSettings: strict
        ),
        .target(
            name: "ClusterSimulation",
            dependencies: [
                "Allocation", "Dispatching", "Execution", "GroupSimulation", "Orchestration", "Scheduling",
                "StoreCore",
            ] + wire,
            path: "Tests/Support/ClusterSimulation",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "swarm-sim",
            dependencies: ["ClusterSimulation", "GroupSimulation"],
            path: "Benchmarks/SwarmSim",
            swiftSettings: strict
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["ClusterSimulation", "GroupSimulation", "Replication"] + wire,
            path: "Tests/SimulationTests",
            swiftSettings: strict
        ),
        tests("RaftCore", ["Primitives"], excluding: ["Transcripts"]),
        tests("StoreCore", wire),
        tests("Execution", wire),
        tests("NodePlan", wire),
        tests("Templating", wire),
        .target(
            name: "ReconcilerTesting",
            dependencies: ["StoreCore"] + wire,
            path: "Tests/Support/ReconcilerTesting",
            swiftSettings: strict
        ),
        tests("Orchestration", ["Allocation", "Scheduling", "ReconcilerTesting", "StoreCore"] + wire),
        tests("Scheduling", ["ReconcilerTesting", "StoreCore"] + wire),
        tests("Allocation", ["ReconcilerTesting", "StoreCore"] + wire),
        tests("Dispatching", ["StoreCore"] + wire),
        tests("Trust", ["StoreCore", crypto, cryptoExtras, certificates, asn1] + wire),
        tests(
            "Credentials",
            [
                "Trust", "LinuxSystem", "ManagerNode", "ServerTesting", "SwarmRPC", logging, crypto,
                certificates, asn1,
            ] + tls
                + wire
                + grpc + http2
        ),
        tests("LinuxSystem", ["Primitives"]),
        tests("ReplicatedStore", ["StoreCore"] + wire),
        tests("Replication", ["RaftCore", "ReplicatedStore", "StoreCore", crypto] + wire),
        tests(
            "WorkerNode",
            ["Execution", "LinuxSystem", "ServerTesting", "SwarmRPC", logging, grdb] + wire + grpc + http2
        ),
        tests(
            "ContainerRuntime",
            ["Execution", "NodePlan", "LinuxSystem", "task-supervisor-fixture", logging] + wire
        ),
        .executableTarget(
            name: "task-supervisor-fixture",
            dependencies: ["ContainerRuntime"],
            path: "Tests/Support/TaskSupervisorFixture",
            swiftSettings: strict
        ),
        .target(
            name: "ServerTesting",
            dependencies: [
                "ManagerNode", "Credentials", "SwarmRPC", "Trust", logging, crypto, certificates, asn1,
            ] + wire + grpc + http2,
            path: "Tests/Support/ServerTesting",
            swiftSettings: strict
        ),
        tests(
            "ManagerNode",
            [
                "ServerTesting", "StoreCore", "ReplicatedStore", "Replication", "RaftCore", "Dispatching",
                "SwarmRPC", "Trust", "Credentials", logging, crypto, certificates, asn1,
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ] + tls + wire + grpc + http2
        ),
        tests(
            "Serving",
            [
                "ServerTesting", "SwarmRPC", .product(name: "NIOCore", package: "swift-nio"),
            ] + wire + grpc + http2Frames
        ),
        tests("ConsoleCore", wire, excluding: ["Golden"]),
        tests("ControlClient", ["SwarmRPC"] + wire + grpc + http2),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "swarmd", "ControlClient", "Credentials", "LinuxSystem", "SwarmRPC", "Trust", arguments,
                crypto,
                certificates, asn1,
            ] + wire + grpc + http2,
            path: "Tests/CommandTests",
            swiftSettings: strict
        ),
        .target(name: "TerminalTesting", path: "Tests/Support/TerminalTesting", swiftSettings: strict),
        .target(name: "NetworkLab", path: "Tests/Support/NetworkLab", swiftSettings: strict),
        .target(
            name: "FailoverLab",
            dependencies: ["NetworkLab", "Linearizability", "BenchSupport", "ControlClient", "SwarmRPC"]
                + wire + grpc,
            path: "Tests/Support/FailoverLab",
            swiftSettings: strict
        ),
        .testTarget(
            name: "InteropTests",
            dependencies: [
                "swarmd", "swarmtop", "BenchSupport", "ControlClient", "Credentials", "LinuxSystem",
                "Replication", "SwarmRPC", "Trust", "TerminalTesting", "WorkerNode", "NetworkLab",
                "FailoverLab", "Linearizability",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ] + wire + grpc + tls,
            path: "Tests/InteropTests",
            swiftSettings: strict
        ),
        .testTarget(name: "TidyTests", path: "Tests/TidyTests", swiftSettings: strict),
    ]
)
