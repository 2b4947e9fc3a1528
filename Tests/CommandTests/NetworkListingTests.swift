import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

/// What is shown of networks, and of a check.
@Suite struct NetworkListingTests {
    private static func network(
        _ name: String,
        subnet: String = "",
        driver: String = "overlay"
    ) -> SwarmNetwork {
        .with {
            $0.id = "id-of-\(name)-network"
            $0.spec.annotations.name = name
            if driver == "bridge" { $0.spec.annotations.labels["com.docker.swarm.predefined"] = "true" }
            $0.spec.driverConfig.name = driver
            if !subnet.isEmpty {
                $0.driverState.name = driver
                $0.ipam.configs = [
                    .with {
                        $0.subnet = subnet
                        $0.gateway = "10.0.1.1"
                    }
                ]
            }
        }
    }

    private static func service(_ name: String, on network: SwarmNetwork, _ address: String) -> SwarmService {
        .with {
            $0.id = "id-of-\(name)"
            $0.spec.annotations.name = name
            $0.spec.task.networks = [.with { $0.target = network.id }]
            $0.endpoint.virtualIps = [
                .with {
                    $0.networkID = network.id
                    $0.addr = address
                }
            ]
        }
    }

    @Test func `networks are listed by name with their subnets`() {
        let networks = [Self.network("web", subnet: "10.0.1.0/24"), Self.network("bridge", driver: "bridge")]
        #expect(
            NetworkListing.make(networks).lines(.table)
                == [
                    "NETWORK ID     NAME      DRIVER    SCOPE     SUBNETS",
                    "id-of-bridge   bridge    bridge    swarm",
                    "id-of-web-ne   web       overlay   swarm     10.0.1.0/24",
                ]
        )
        #expect(NetworkListing.make(networks, wholeIDs: true).lines(.quiet).first == "id-of-bridge-network")
    }

    @Test(arguments: [
        ("driver=bridge", ["bridge"]), ("type=builtin", ["bridge"]), ("type=custom", ["front", "spare"]),
        ("name=fr", ["front"]), ("dangling=true", ["spare"]), ("dangling=false", ["bridge", "front"]),
        ("scope=local", []), ("scope=swarm", ["bridge", "front", "spare"]),
        ("label=com.docker.swarm.predefined=true", ["bridge"]), ("id=id-of-s", ["spare"]),
    ])
    func `filters pass what they name`(filter: String, names: [String]) throws {
        let front = Self.network("front")
        let networks = [Self.network("bridge", driver: "bridge"), front, Self.network("spare")]
        let services = [Self.service("api", on: front, "10.0.1.2/24")]
        let filters = try Filters(
            [filter],
            keys: ["id", "name", "driver", "label", "scope", "type", "dangling"]
        )
        let passed = networks.filter { NetworkUse(of: $0, by: services).matches(filters) }
        #expect(passed.map(\.spec.annotations.name) == names)
    }

    @Test func `a network shows what uses it, and how many addresses are in use`() {
        let front = Self.network("front", subnet: "10.0.1.0/24")
        let task = SwarmTask.with {
            $0.id = "t1"
            $0.serviceID = "id-of-api"
            $0.slot = 1
            $0.nodeID = "n1"
            $0.status.state = .running
            $0.networks = [
                .with {
                    $0.network = front
                    $0.addresses = ["10.0.1.3/24"]
                }
            ]
        }
        let node = SwarmNode.with {
            $0.id = "n1"
            $0.description_p.hostname = "worker-1"
            $0.attachments = [
                .with {
                    $0.network = front
                    $0.addresses = ["10.0.1.4/24"]
                }
            ]
        }
        let use = NetworkUse(of: front, by: [Self.service("api", on: front, "10.0.1.2/24")], [task], [node])
        let text = DockerJSON.network(front, use: use).line
        for part in [
            #""Subnet":"10.0.1.0/24","Gateway":"10.0.1.1","AddressesInUse":3"#,
            #""api":{"VIP":"10.0.1.2","Ports":[],"Tasks":[{"Name":"api.1.t1","EndpointIP":"10.0.1.3""#,
            #""Nodes":[{"Name":"worker-1","NodeID":"n1","Addresses":["10.0.1.4/24"]}]"#,
        ] { #expect(text.contains(part), "\(part) is not in \(text)") }
        #expect(!DockerJSON.network(front, use: nil).line.contains("Services"))
    }

    @Test func `a check tells what is wrong and what to do`() {
        var answer = SwarmdCheckClusterResponse.with {
            ($0.networks, $0.services, $0.tasks, $0.nodes) = (3, 1, 2, 1)
        }
        #expect(
            CheckText.lines(answer, repairing: false) == [
                "Nothing is wrong: 3 networks, 1 service, 2 tasks and 1 node were looked at."
            ]
        )
        answer.findings = [
            .with {
                $0.kind = "address-taken-twice"
                $0.object = "task web.1"
                $0.problem = "has 10.0.1.2"
                $0.remedy = "the task is stopped"
                $0.repairable = true
            }
        ]
        #expect(
            CheckText.lines(answer, repairing: false).suffix(1) == [
                "1 fault left: `swarmd cluster check --repair` repairs 1."
            ]
        )
        answer.findings[0].repaired = true
        let lines = CheckText.lines(answer, repairing: true)
        #expect(lines.contains { $0.contains("repaired: the task is stopped") })
        #expect(lines.last == "1 fault repaired.")
        answer.findings[0].repaired = false
        answer.findings[0].repairable = false
        #expect(CheckText.lines(answer, repairing: true).last == "1 fault left: the operator decides.")
        #expect(CheckText.json(answer).line.contains(#""Kind":"address-taken-twice","Object":"task web.1""#))
    }
}
