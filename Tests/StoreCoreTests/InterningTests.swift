import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct InterningTests {
    /// A spec that is large enough for its copies to show in the resident memory.
    private let spec = SwarmTaskSpec.with {
        $0.container.image = "host"
        $0.container.env = (0..<200).map { "VARIABLE_\($0)=a value that takes some room in memory" }
    }

    @Test func `a decoded task equals what was encoded whether its spec is its service's or its own`() throws
    {
        var state = try StoreState.with { transaction in
            try transaction.create(
                SwarmService.with {
                    $0.id = "s"
                    $0.spec.task = self.spec
                }
            )
        }
        let same = SwarmTask.with {
            $0.id = "same"
            $0.serviceID = "s"
            $0.spec = self.spec
        }
        var own = same
        own.id = "own"
        own.spec.container.image = "other"
        let entry = try StoreEntry.encode([.create(.task(same)), .create(.task(own))], id: 1)
        _ = try state.apply(StoreEntry.decode(entry))
        #expect(state.tasks["same"] == same)
        #expect(state.tasks["own"] == own)
    }

    @Test func `many decoded tasks of one service share its spec`() throws {
        let state = try StoreState.with { transaction in
            try transaction.create(
                SwarmService.with {
                    $0.id = "s"
                    $0.spec.task = self.spec
                }
            )
            for number in 0..<50 {
                try transaction.create(
                    SwarmTask.with {
                        $0.id = "t\(number)"
                        $0.serviceID = "s"
                        $0.spec = self.spec
                    }
                )
            }
        }
        let bytes = StoreSnapshot(state: state, membership: .init()).bytes
        let read = try StoreSnapshot(bytes: bytes).state
        let service = try #require(read.services["s"])
        // A message is a reference to its fields: equal bits are the same fields, not equal ones.
        func bits(_ spec: SwarmTaskSpec) -> [UInt8] { withUnsafeBytes(of: spec) { Array($0) } }
        let shared = bits(service.spec.task)
        #expect(read.tasks.all.allSatisfy { bits($0.spec) == shared })
        var copy = service.spec.task
        copy.container.env[199] += ""
        #expect(bits(copy) != shared)
        #expect(read.hash == state.hash)
    }

    @Test func `decoded tasks share their networks and their service's endpoint`() throws {
        let network = SwarmNetwork.with {
            $0.id = "n"
            $0.driverState.options = ["vxlanid_list": "4097"]
        }
        let state = try StoreState.with { transaction in
            try transaction.create(network)
            let stored = try #require(transaction.state.networks["n"])
            let service = SwarmService.with {
                $0.id = "s"
                $0.endpoint.virtualIps = [.with { $0.addr = "10.0.0.2/24" }]
            }
            try transaction.create(service)
            for number in 0..<3 {
                try transaction.create(
                    SwarmTask.with {
                        $0.id = "t\(number)"
                        $0.serviceID = "s"
                        $0.endpoint = service.endpoint
                        $0.networks = [
                            .with {
                                $0.network = stored
                                $0.addresses = ["10.0.0.\(number + 3)/24"]
                            }
                        ]
                    }
                )
            }
        }
        let read = try StoreSnapshot(bytes: StoreSnapshot(state: state, membership: .init()).bytes).state
        func bits<Value>(_ value: Value) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
        let (stored, service) = (try #require(read.networks["n"]), try #require(read.services["s"]))
        for task in read.tasks.all {
            #expect(bits(task.networks[0].network) == bits(stored))
            #expect(bits(task.endpoint) == bits(service.endpoint))
        }
        #expect(read.hash == state.hash)
    }
}
