import GroupSimulation

extension SimulatedCluster {
    /// Has one thing go wrong, and arranges the next.
    mutating func somethingGoesWrong() throws(Violation) {
        guard self.isDangerous else { return }
        self.queue.add(.fault, at: self.now + self.faultChance.time(mean: self.plan.faultInterval))
        guard let kind = self.faultChance.pick(self.plan.faults) else { return }
        self.count(kind.rawValue)
        self.note("fault: \(kind.rawValue)")
        switch kind {
        case .leaderLoss:
            self.depose()
            self.queue.add(.elect, at: self.now + self.faultChance.time(.milliseconds(100), .seconds(8)))
        case .componentLag:
            let place = self.faultChance.number(in: 0...Actor.components.count - 1)
            guard self.leader?.components[place].activity != .writing else { return }
            guard self.leader != nil else { return }
            let fresh = self.component(Actor.components[place])
            self.leader?.components[place] = fresh
            self.call(place, after: .milliseconds(50))
        case .daemonRestart, .machineCrash, .cut, .lateHeartbeats, .containerEnd, .streamEnd:
            let present = self.nodes.indices.filter { !self.nodes[$0].isRemoved }
            if let node = self.faultChance.pick(present) { self.harm(node, kind) }
        }
    }

    private mutating func harm(_ node: Int, _ kind: ClusterFault) {
        switch kind {
        case .daemonRestart, .machineCrash:
            self.stop(node, withContainers: kind == .machineCrash)
            let mean = Span.seconds(kind == .machineCrash ? 12 : 2)
            self.queue.add(.start(node: node), at: self.now + self.faultChance.time(mean: mean))
        case .cut:
            self.nodes[node].isCut = true
            self.queue.add(.heal(node: node), at: self.now + self.faultChance.time(mean: .seconds(10)))
        case .lateHeartbeats:
            let share = self.faultChance.fraction() * 4
            self.nodes[node].lateness = Span(
                microseconds: Int(Double(self.plan.heartbeat.microseconds) * share)
            )
        case .containerEnd:
            let running = self.nodes[node].tasks.filter(\.value.isRunning).keys.sorted()
            if let id = self.faultChance.pick(running) {
                self.endContainer(node, id, code: self.faultChance.happens(0.7) ? 1 : 0)
            }
        case .streamEnd:
            guard let session = self.nodes[node].session, !self.nodes[node].isCut else { return }
            self.closeStreams(self.nodes[node].id, session)
        case .leaderLoss, .componentLag: break
        }
    }

    /// Lets messages through again, and brings those that waited.
    mutating func heal(_ node: Int) {
        guard self.nodes[node].isCut else { return }
        self.nodes[node].isCut = false
        guard let stream = self.leader?.streams[node] else { return }
        for _ in stream.messages { self.send(.deliver(node: node, stream: stream.number), to: node) }
    }
}
