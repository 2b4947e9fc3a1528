import GroupSimulation

extension SimulatedCluster {
    /// Does what an event is.
    mutating func handle(_ event: ClusterEvent) throws(Violation) {
        switch event {
        case .elect: try self.elect()
        case .turn(let component, let term, let ticket): try self.turn(component, term, ticket)
        case .write(let component, let term): try self.write(component, term)
        case .expire(let term): self.expire(term)
        case .writeNodes(let term): try self.writeNodes(term)
        case .writeStatuses(let term): try self.writeStatuses(term)
        case .flush(let node, let stream): self.flush(node, stream)
        case .beat(let node, let life, let session): self.beat(node, life, session)
        case .report(let node, let life, let session, let reports):
            self.report(node, life, session, reports)
        case .connect(let node, let life): self.connect(node, life)
        case .start(let node): self.start(node)
        case .heal(let node): self.heal(node)
        case .deliver(let node, let stream): self.deliver(node, stream)
        case .command: try self.command()
        case .fault: try self.somethingGoesWrong()
        case .look: try self.look()
        case .established, .heartbeat, .disconnected, .send, .reported, .called, .retry:
            self.handleOnNode(event)
        }
    }

    /// Does what happens on a node, unless its daemon has been started anew since.
    private mutating func handleOnNode(_ event: ClusterEvent) {
        switch event {
        case .established(let node, let life, let session) where self.isAlive(node, life):
            self.established(node, session)
        case .heartbeat(let node, let life, let session) where self.isAlive(node, life):
            self.heartbeat(node, session)
        case .disconnected(let node, let life, let session) where self.isAlive(node, life):
            self.disconnected(node, session)
        case .send(let node, let life) where self.isAlive(node, life): self.send(node)
        case .reported(let node, let life, let reports) where self.isAlive(node, life):
            self.reported(node, reports)
        case .called(let node, let life, let task, let ticket, let call, let failure)
        where self.isAlive(node, life):
            self.called(node, task, ticket, call, failure)
        case .retry(let node, let life, let task) where self.isAlive(node, life): self.retry(node, task)
        default: break
        }
    }

    /// Whether the node's daemon runs in its life of that number.
    func isAlive(_ node: Int, _ life: Int) -> Bool { self.nodes[node].isUp && self.nodes[node].life == life }
}
