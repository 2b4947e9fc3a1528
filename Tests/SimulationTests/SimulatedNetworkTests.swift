import GroupSimulation
import Testing

@Suite struct SimulatedNetworkTests {
    private func network(_ change: (inout NetworkConditions) -> Void = { _ in }) -> SimulatedNetwork {
        var conditions = NetworkConditions()
        change(&conditions)
        return SimulatedNetwork(conditions, Chance(seed: 7, concern: "network"))
    }

    @Test func `a good network delivers each message once, and not at once`() {
        var network = self.network()
        for _ in 0..<100 {
            let moments = network.arrivals(from: 0, to: 1, at: .start)
            #expect(moments.count == 1 && moments.allSatisfy { $0 >= .start + Span(microseconds: 100) })
        }
    }

    @Test func `a bad one loses some, doubles some, and lets others overtake`() {
        var network = self.network {
            $0.loss = 0.3
            $0.duplication = 0.5
            $0.meanDelay = .milliseconds(20)
        }
        let arrivals = (0..<1000).map { number in
            network.arrivals(from: 0, to: 1, at: .start + Span(microseconds: number * 100))
        }
        #expect(200...400 ~= arrivals.count { $0.isEmpty })
        #expect(250...450 ~= arrivals.count { $0.count == 2 })
        let first = arrivals.compactMap(\.first)
        #expect(zip(first, first.dropFirst()).contains { $0 > $1 })
    }

    @Test func `a cut in one direction leaves the other open until it heals`() {
        var network = self.network()
        let cut = network.cut(.oneWay(from: [0], to: [1, 2]))
        #expect(network.arrivals(from: 0, to: 2, at: .start).isEmpty)
        #expect(!network.arrivals(from: 2, to: 0, at: .start).isEmpty)
        #expect(!network.arrivals(from: 1, to: 2, at: .start).isEmpty)
        network.heal(cut)
        #expect(!network.arrivals(from: 0, to: 2, at: .start).isEmpty)
    }

    @Test func `cuts that overlap heal one by one`() {
        var network = self.network()
        let first = network.cut(.between([0], [1]))
        let second = network.cut(.between([0], [1, 2]))
        network.heal(first)
        #expect(!network.isOpen(from: 1, to: 0))
        network.heal(second)
        #expect(network.isOpen(from: 1, to: 0))
    }

    @Test func `in a ring each machine reaches its two neighbours`() {
        var network = self.network()
        _ = network.cut(.ring([0, 1, 2, 3, 4]))
        for machine in 0..<5 {
            let reached = (0..<5).filter { $0 != machine && network.isOpen(from: machine, to: $0) }
            #expect(reached == [(machine + 1) % 5, (machine + 4) % 5].sorted())
        }
    }

    @Test func `what is clogged comes later`() {
        var network = self.network()
        network.clog(NetworkCut.Path(from: 0, to: 1), until: .start + .seconds(2))
        #expect(network.arrivals(from: 0, to: 1, at: .start).allSatisfy { $0 > .start + .seconds(2) })
        #expect(network.arrivals(from: 1, to: 0, at: .start).allSatisfy { $0 < .start + .seconds(1) })
    }
}
