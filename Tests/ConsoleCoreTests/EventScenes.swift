import Primitives
import SwarmAPI
import SwiftProtobuf

@testable import ConsoleCore

/// Screens of what happened, and of secrets, configs, networks and ports.
enum EventScenes {
    static let views: [ListScenes.View] = [
        (
            "events",
            {
                $0.happen()
                $0.type("5")
            }
        ),
        (
            "events-bad",
            {
                $0.happen()
                $0.type("5")
                $0.press(.right, .right, .right)
            }
        ),
        (
            "frozen",
            {
                $0.type("p")
                $0.happen()
                _ = update(&$0, .tick, now: Fixture.now + .seconds(100))
                $0.type("S")
            }
        ),
        (
            "secrets",
            {
                $0.list()
                $0.type("7")
            }
        ),
        (
            "networks",
            {
                $0.list()
                $0.type("8")
                $0.press(.end)
            }
        ),
        (
            "describe-secret",
            {
                $0.list()
                $0.type("7d")
                $0.answer(.object(.with { $0.secret = Fixture.secrets[0] }))
            }
        ),
    ]
}

extension Fixture {
    static let secrets: [SwarmSecret] = ["db-password", "tls-key"].map { name in
        .with {
            $0.id = "secret-\(name)"
            $0.meta.version.index = 5
            $0.meta.createdAt = (Fixture.now + .seconds(-90_000)).protobuf
            $0.spec.annotations.name = name
            $0.spec.annotations.labels = ["team": "store"]
        }
    }
    static let configs: [SwarmConfig] = ["nginx.conf"].map { name in
        .with {
            $0.id = "config-\(name)"
            $0.meta.version.index = 6
            $0.meta.createdAt = (Fixture.now + .seconds(-9_000)).protobuf
            $0.meta.updatedAt = (Fixture.now + .seconds(-60)).protobuf
            $0.spec.annotations.name = name
            $0.spec.data = .init(repeating: 0x61, count: 1500)
        }
    }
    static let networks: [SwarmNetwork] = [("backend", false), ("ingress", true)].map { name, ingress in
        .with {
            $0.id = "network-\(name)"
            $0.meta.version.index = 4
            $0.meta.createdAt = (Fixture.now + .seconds(-800_000)).protobuf
            $0.spec.annotations.name = name
            $0.spec.ingress = ingress
            $0.spec.attachable = !ingress
            $0.driverState.name = "overlay"
            $0.ipam.configs = [.with { $0.subnet = ingress ? "10.0.0.0/24" : "10.0.1.0/24" }]
        }
    }

    /// The services, with what they use.
    static var using: [SwarmService] {
        Self.services.map { service in
            guard service.spec.annotations.name == "api" else { return service }
            return .with {
                $0 = service
                $0.spec.task.networks = [.with { $0.target = "network-backend" }]
                $0.spec.task.container.secrets = [.with { $0.secretID = "secret-db-password" }]
                $0.spec.task.container.configs = [.with { $0.configID = "config-nginx.conf" }]
                $0.endpoint.ports = [
                    .with {
                        $0.publishedPort = 30_012
                        $0.targetPort = 9200
                    },
                    .with {
                        $0.publishedPort = 53
                        $0.targetPort = 53
                        $0.protocol = .udp
                        $0.publishMode = .host
                    },
                ]
            }
        }
    }

    static func event(_ action: SwarmWatchActionKind, _ node: SwarmNode) -> SwarmWatchMessage.Event {
        .with {
            $0.action = action
            $0.object.node = node
        }
    }
}

extension Model {
    /// Lists the fixture's cluster with secrets, configs and networks.
    mutating func list() {
        let listing = Message.listed(
            cluster: Fixture.cluster,
            nodes: Fixture.nodes,
            services: Fixture.using,
            tasks: Fixture.tasks,
            networks: Fixture.networks,
            secrets: Fixture.secrets,
            configs: Fixture.configs
        )
        _ = update(&self, listing, now: Fixture.now)
    }

    /// Lets some things happen.
    mutating func happen() {
        let events: [SwarmWatchMessage.Event] = [
            Fixture.event(.watchActionUpdate, Fixture.service("billing", 9, age: 0, version: 40)),
            Fixture.event(
                .watchActionUpdate,
                Fixture.task("search", 6, .running, on: "w01", version: 41, id: "task-search-6-assigned")
            ),
            Fixture.event(
                .watchActionUpdate,
                Fixture.task(
                    "api",
                    2,
                    .failed,
                    on: "mgr-1",
                    error: "OOM kill",
                    version: 42,
                    id: "task-api-2-running"
                )
            ),
            Fixture.event(
                .watchActionUpdate,
                Fixture.node("w03", down: true, availability: .pause, version: 43)
            ),
            Fixture.event(.watchActionUpdate, Fixture.node("w02", version: 44)),
            .with {
                $0.action = .watchActionCreate
                $0.object.secret = Fixture.secrets[1]
            },
        ]
        for (second, event) in events.enumerated() {
            _ = update(&self, .changed([event]), now: Fixture.now + .seconds(Int64(second)))
        }
        var status = Fixture.status
        status.raft.leaderID = "node-mgr-1"
        status.raft.term = 43
        _ = update(&self, .status(status), now: Fixture.now + .seconds(7))
        _ = update(&self, .painted, now: Fixture.now + .seconds(7))
    }
}
