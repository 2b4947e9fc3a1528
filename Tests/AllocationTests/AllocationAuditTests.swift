import Allocation
import Primitives
import ReconcilerTesting
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

/// Each fault that the audit knows is planted in a healthy store, found, and repaired.
@Suite struct AllocationAuditTests {
    /// A store with its allocator, in which faults are planted.
    private struct Bench {
        private var transcript = Transcript([Allocator()])

        /// Carries out a command a second later, and lets the allocator work.
        mutating func perform(_ command: String) throws {
            _ = try self.transcript.perform("wait 1s")
            _ = try self.transcript.perform(command)
            _ = try self.transcript.perform("settle")
        }

        var state: StoreState { self.transcript.stage.state }

        var audit: AllocationAudit { AllocationAudit(of: self.state, now: self.transcript.stage.now) }

        /// What the audit says, one finding a line.
        var findings: [String] {
            self.audit.findings.map {
                "\($0.kind.rawValue): \($0.object) \($0.problem) -> \($0.isRepairable ? "" : "OPERATOR: ")\($0.remedy)"
            }
        }

        mutating func plant<Object: StoreObject>(_ id: String, _ change: (inout Object) -> Void) throws {
            var object = try #require(self.state[keyPath: Object.table][id])
            change(&object)
            let faulty = object
            try self.transcript.commit { try $0.update(faulty) }
        }

        mutating func remove<Object: StoreObject>(_ type: Object.Type, _ id: String) throws {
            try self.transcript.commit { try $0.remove(type, id: id) }
        }

        /// Repairs, lets the allocator work, and tells what a new leader's allocator would still change.
        mutating func repair() throws -> [String] {
            let repairs = self.audit.repairs
            self.transcript.commit { _ = $0.apply(repairs) }
            _ = try self.transcript.perform("settle")
            _ = try self.transcript.perform("restart")
            return try self.transcript.perform("settle")
        }
    }

    private static let healthy = [
        "network ingress ingress=true", "network front", "network back", "node n1", "node n2",
        "service web network=front ingress-port=any",
        "service db network=front network=back ingress-port=any",
        "task web.1 state=new node=n1", "task db.1 state=new node=n2", "task web.1 state=running",
    ]

    private static func bench() throws -> Bench {
        var bench = Bench()
        for command in Self.healthy { try bench.perform(command) }
        return bench
    }

    @Test func `a healthy store has no findings`() throws {
        let bench = try Self.bench()
        #expect(bench.findings == [])
        #expect(bench.audit.repairs.isEmpty)
        #expect(AllocationAudit(of: StoreState(), now: Timestamp(seconds: 0)).findings.isEmpty)
    }

    @Test func `an address that a service and a task have is left to the service`() throws {
        var bench = try Self.bench()
        try bench.plant("web.1") { (task: inout SwarmTask) in task.networks[1].addresses = ["10.0.1.2/24"] }
        #expect(
            bench.findings == [
                "address-taken-twice: task web.1 has 10.0.1.2 of network front, as service web has "
                    + "-> the task is stopped; another takes its place"
            ]
        )
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
        #expect(bench.state.tasks["web.1"]?.status.state == .rejected)
    }

    @Test func `of two tasks with one address the one stays that runs`() throws {
        var bench = try Self.bench()
        let address = try #require(bench.state.tasks["web.1"]?.networks.last?.addresses)
        try bench.plant("db.1") { (task: inout SwarmTask) in task.networks[1].addresses = address }
        #expect(
            bench.findings.map { $0.prefix(60) } == [
                "address-taken-twice: task db.1 has 10.0.1.4 of network front"
            ]
        )
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
        #expect(bench.state.tasks["web.1"]?.status.state == .running)
    }

    @Test func `of two services with one address the newer gets another`() throws {
        var bench = try Self.bench()
        try bench.plant("service-db") { (service: inout SwarmService) in
            service.endpoint.virtualIps[1].addr = "10.0.1.2/24"
        }
        #expect(bench.findings.count == 1)
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
        #expect(bench.state.services["service-web"]?.endpoint.virtualIps[1].addr == "10.0.1.2/24")
    }

    @Test func `a node with the address of another gets its own`() throws {
        var bench = try Self.bench()
        let address = try #require(bench.state.nodes["n1"]?.attachments.first?.addresses)
        try bench.plant("n2") { (node: inout SwarmNode) in node.attachments[0].addresses = address }
        #expect(
            bench.findings.first?.hasPrefix("address-taken-twice: node n2 has 10.0.0.2 of network ingress")
                == true
        )
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
        #expect(bench.state.nodes["n2"]?.attachments.count == 3)
    }

    @Test func `an address outside the network, or its gateway, is taken back`() throws {
        var bench = try Self.bench()
        try bench.plant("service-web") { (service: inout SwarmService) in
            service.endpoint.virtualIps[1].addr = "172.16.0.9/24"
        }
        try bench.plant("n1") { (node: inout SwarmNode) in node.attachments[0].addresses = ["10.0.0.1/24"] }
        #expect(
            bench.findings == [
                "address-not-of-network: service web has 172.16.0.9/24, which network front does not give out "
                    + "-> the service gets another address",
                "address-not-of-network: node n1 has 10.0.0.1/24, which network ingress does not give out "
                    + "-> the node gets another address",
            ]
        )
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
    }

    @Test func `addresses of a network that is not used any more are given back`() throws {
        var bench = try Self.bench()
        let back = try #require(bench.state.networks["network-back"])
        try bench.plant("service-web") { (service: inout SwarmService) in
            service.endpoint.virtualIps.append(
                .with {
                    $0.networkID = back.id
                    $0.addr = "10.0.2.77/24"
                }
            )
        }
        // The allocator sees to nodes by itself, so this one is looked at as a store that came from elsewhere.
        try bench.plant("n1") { (node: inout SwarmNode) in
            node.attachments.append(
                .with {
                    $0.network = back
                    $0.addresses = ["10.0.2.78/24"]
                }
            )
        }
        #expect(
            bench.findings == [
                "address-without-owner: service web holds 10.0.2.77/24 of network back and does not use it "
                    + "-> the address is given back",
                "address-without-owner: node n1 holds 10.0.2.78/24 of network back and does not use it "
                    + "-> the address is given back",
            ]
        )
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
    }

    @Test func `a task on a node that is gone counts as lost`() throws {
        var bench = try Self.bench()
        try bench.remove(SwarmNode.self, "n2")
        #expect(
            bench.findings == [
                "address-without-owner: task db.1 holds 10.0.0.7/24, 10.0.1.6/24, 10.0.2.3/24 on node n2, which is "
                    + "gone -> the task counts as lost; another takes its place"
            ]
        )
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
        #expect(bench.state.tasks["db.1"]?.status.state == .orphaned)
    }

    @Test func `attachments to a network that is gone are taken away`() throws {
        var bench = try Self.bench()
        try bench.remove(SwarmNetwork.self, "network-back")
        #expect(
            bench.findings == [
                "attachment-of-gone-network: service db is attached to network network-back, which is gone, with "
                    + "10.0.2.2/24 -> the address is given back",
                "attachment-of-gone-network: node n2 is attached to network network-back, which is gone, with "
                    + "10.0.2.4/24 -> the address is given back",
                "attachment-of-gone-network: task db.1 is attached to network network-back, which is gone, with "
                    + "10.0.2.3/24 -> the task is stopped; another takes its place",
            ]
        )
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
    }

    @Test func `a port that was given twice is given anew, one that was asked for twice is the operator's`()
        throws
    {
        var bench = try Self.bench()
        try bench.plant("service-db") { (service: inout SwarmService) in
            service.endpoint.ports[0].publishedPort = 30_000
        }
        #expect(
            bench.findings == [
                "port-taken-twice: service db publishes 30000/tcp, as service web does -> the service gets another port"
            ]
        )
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
        try bench.plant("service-db") { (service: inout SwarmService) in
            service.endpoint.ports[0].publishedPort = 30_000
            service.spec.endpoint.ports[0].publishedPort = 30_000
            service.endpoint.spec = service.spec.endpoint
        }
        #expect(
            bench.findings == [
                "port-taken-twice: service db publishes 30000/tcp, as service web does -> OPERATOR: publish one of them "
                    + "elsewhere, as by `swarmd service update --publish-rm 30000 --publish-add PORT:80 db`"
            ]
        )
        #expect(bench.audit.repairs.isEmpty)
    }

    @Test func `a tunnel number that two networks have is changed unless tasks would lose each other`() throws
    {
        var bench = try Self.bench()
        try bench.perform("network spare")
        let key = "com.docker.network.driver.overlay.vxlanid_list"
        try bench.plant("network-spare") { (network: inout SwarmNetwork) in
            network.driverState.options[key] = "4097"
        }
        #expect(
            bench.findings == [
                "tunnel-number-taken-twice: network spare has the tunnel number 4097, as network front has "
                    + "-> the network gets another number"
            ]
        )
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
        #expect(bench.state.networks["network-spare"]?.driverState.options[key] != "4097")
        try bench.plant("network-back") { (network: inout SwarmNetwork) in
            network.driverState.options[key] = "4097"
        }
        #expect(
            bench.findings.first?.contains("OPERATOR: its tasks would lose each other: stop the services")
                == true
        )
        #expect(bench.audit.repairs.isEmpty)
    }

    @Test func `tunnel numbers without a subnet are given back`() throws {
        var bench = try Self.bench()
        let key = "com.docker.network.driver.overlay.vxlanid_list"
        try bench.plant("network-back") { (network: inout SwarmNetwork) in
            network.driverState.options[key, default: ""] += ",5000,5001"
        }
        #expect(
            bench.findings == [
                "tunnel-number-without-subnet: network back has the tunnel numbers 5000,5001 but no subnet for them "
                    + "-> the numbers are given back"
            ]
        )
        #expect(try bench.repair() == ["nothing"])
        #expect(bench.findings == [])
    }

    @Test func `subnets that overlap are the operator's`() throws {
        var bench = try Self.bench()
        try bench.perform("network spare")
        try bench.plant("network-spare") { (network: inout SwarmNetwork) in
            network.ipam.configs[0].subnet = "10.0.0.128/25"
            network.ipam.configs[0].gateway = "10.0.0.129"
        }
        #expect(
            bench.findings == [
                "subnet-taken-twice: network spare subnet 10.0.0.128/25 overlaps with 10.0.0.0/24 of network ingress "
                    + "-> OPERATOR: remove one of the networks and create it again"
            ]
        )
    }
}
