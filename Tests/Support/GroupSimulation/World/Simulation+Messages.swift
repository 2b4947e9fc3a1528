import RaftCore
import Replication
import StoreCore
import SwarmAPI
import SwiftProtobuf

// How members reach each other.
extension Simulation {
    /// Puts a message on its way, in the form that it has on the wire.
    mutating func send(_ message: RaftCore.Message, from machine: Int) throws(Violation) {
        guard let process = self.managers[machine].process else { return }
        try self.oracle.promises(message, self.mirrors[message.from] ?? DurableMirror())
        self.note(
            machine,
            "sends: kind to term index commit",
            [UInt64(message.kind.rawValue), message.to.rawValue, message.term, message.index, message.commit]
        )
        guard let address = process.addresses[message.to],
            let target = SimulatedManager.machine(of: address)
        else {
            guard message.kind == .snapshot else { return }
            return self.report(.snapshot(message.to, delivered: false), to: machine, process.number)
        }
        if message.kind == .snapshot {
            return self.sendSnapshot(message, from: machine, process, to: target.number, port: target.port)
        }
        let moments = self.network.arrivals(from: machine, to: target.number, at: self.now)
        let letter = SimulationEvent.Letter(
            bytes: Self.bytes(of: message),
            machine: machine,
            process: process.number,
            address: self.managers[machine].address
        )
        for moment in moments {
            self.queue.add(.message(machine: target.number, port: target.port, letter), at: moment)
        }
        if moments.isEmpty, self.timeChance.happens(0.3) {
            self.report(.unreachable(message.to), to: machine, process.number)
        }
    }

    /// Sends the newest stored snapshot in place of the one that the message announces.
    private mutating func sendSnapshot(
        _ message: RaftCore.Message,
        from machine: Int,
        _ process: ManagerProcess,
        to target: Int,
        port: Int
    ) {
        var message = message
        var stored: StoredSnapshot?
        do throws(LogError) { stored = try process.writer.storage.snapshots.load() } catch { stored = nil }
        self.note(
            machine,
            "sends snapshot: wanted stored",
            [message.snapshot?.index ?? 0, stored?.index ?? 0]
        )
        guard let stored, stored.index >= message.snapshot?.index ?? .max else {
            return self.report(.snapshot(message.to, delivered: false), to: machine, process.number)
        }
        message.snapshot = Snapshot(
            index: stored.index,
            term: stored.term,
            configuration: RaftWire.decode(stored.configuration),
            data: stored.bytes
        )
        let extra = self.timeChance.time(mean: .milliseconds(30))
        let moments = self.network.arrivals(from: machine, to: target, at: self.now, extra: extra)
        guard !moments.isEmpty else {
            return self.report(.snapshot(message.to, delivered: false), to: machine, process.number)
        }
        let letter = SimulationEvent.Letter(
            bytes: Self.bytes(of: message),
            machine: machine,
            process: process.number,
            address: nil,
            receipt: .init(machine: machine, process: process.number, peer: message.to.rawValue)
        )
        for moment in moments { self.queue.add(.message(machine: target, port: port, letter), at: moment) }
    }

    private mutating func report(_ report: PeerReport, to machine: Int, _ process: Int) {
        let delay = self.timeChance.time(.milliseconds(1), .milliseconds(100))
        self.queue.add(.report(machine: machine, process: process, report), at: self.now + delay)
    }

    /// A message arrives where a manager may listen.
    mutating func receive(
        _ letter: SimulationEvent.Letter,
        at machine: Int,
        port: Int
    ) throws(Violation) {
        let isListening = self.managers[machine].port == port && self.managers[machine].process != nil
        if let receipt = letter.receipt {
            self.note(machine, "gets a snapshot", [isListening ? 1 : 0])
            let peer = RaftID(rawValue: receipt.peer)
            self.report(.snapshot(peer, delivered: isListening), to: receipt.machine, receipt.process)
        }
        guard isListening, let wire = try? RaftMessage(serializedBytes: letter.bytes),
            let message = RaftWire.decode(wire)
        else { return }
        self.note(
            machine,
            "gets: kind from term index commit",
            [
                UInt64(message.kind.rawValue), message.from.rawValue, message.term, message.index,
                message.commit,
            ]
        )
        let before = self.attention(of: machine, to: message.from)
        if before != nil {
            self.queue.add(
                .report(machine: letter.machine, process: letter.process, .removed(by: message.to)),
                at: self.now + .milliseconds(1)
            )
        }
        let node = self.named(letter.machine).nodeID
        self.managers[machine].process?.receive(message, of: node, at: letter.address)
        if let before, before != self.attention(of: machine, to: message.from) {
            throw Violation(
                "a removed member never counts",
                "m\(machine) listens to \(message.from), which it knows to be removed"
            )
        }
        try self.settle(machine)
    }

    /// Tells the other members what the store on `machine` amounts to.
    ///
    /// That takes the same connections as everything else; but nothing follows from it in a group that is well,
    /// so it need not be lost or late by chance.
    mutating func share(_ digest: StateDigest, at index: UInt64, from machine: Int) {
        let id = self.managers[machine].raftID
        for other in self.managers.indices where other != machine {
            guard self.managers[other].process != nil, self.network.isOpen(from: machine, to: other) else {
                continue
            }
            let arrival = SimulationEvent.digest(machine: other, digest, index: index, of: id)
            self.queue.add(arrival, at: self.now + .milliseconds(1))
        }
    }

    /// What the store of the member `id` amounts to arrives at a machine.
    mutating func compare(
        _ digest: StateDigest,
        at index: UInt64,
        of id: RaftID,
        on machine: Int
    ) throws(Violation) {
        let findings = self.managers[machine].process?.compare(digest, at: index, of: id) ?? []
        try self.check(findings, on: machine)
    }

    /// Checks that a member found nothing wrong with anybody's store.
    func check(_ findings: [DigestLedger.Finding], on machine: Int) throws(Violation) {
        guard let finding = findings.last else { return }
        throw Violation("all stores are the same", "\(self.managers[machine].raftID) finds \(finding)")
    }

    /// What would show that a machine listens to a member that it knows to be removed; nil if it is not.
    private func attention(of machine: Int, to id: RaftID) -> [UInt64]? {
        guard let member = self.managers[machine].process?.member, member.membership.isRemoved(id) else {
            return nil
        }
        return [member.node.term, member.node.hasReady ? 1 : 0, member.node.leader.rawValue]
    }

    private static func bytes(of message: RaftCore.Message) -> [UInt8] {
        guard let bytes: [UInt8] = try? RaftWire.encode(message).serializedBytes() else {
            preconditionFailure("a message of kind \(message.kind) can't be serialized")
        }
        return bytes
    }
}
