import Allocation
import Primitives
import ReconcilerTesting
import StoreCore
import SwarmAPI
import Testing

/// Random histories: whatever was created, changed and removed, nothing is given out twice or kept for nobody.
@Suite struct AllocationHistoryTests {
    private static let networks = [
        "ingress ingress=true", "a", "b subnet=10.8.0.0/28", "c subnet=10.9.0.0/29",
    ]
    private static let services = ["x", "y", "z"]

    /// One change that somebody may make.
    private static func step(_ dice: inout SeededGenerator) -> String {
        let network = Self.networks.randomElement(using: &dice) ?? ""
        let name = network.prefix { $0 != " " }
        let service = Self.services.randomElement(using: &dice) ?? ""
        let task = "\(service).\(Int.random(in: 1...4, using: &dice))"
        let node = "n\(Int.random(in: 1...3, using: &dice))"
        return switch Int.random(in: 0..<16, using: &dice) {
        case 0, 1: "network \(network)"
        case 2: "remove network \(name)"
        case 3: "node \(node)"
        case 4: "remove node \(node)"
        case 5: "service \(service) network=a"
        case 6: "service \(service) no=networks network=b network=c"
        case 7: "service \(service) no=ports ingress-port=\(Int.random(in: 29_999...30_001, using: &dice))"
        case 8: "service \(service) ingress-port=any"
        case 9: "service \(service) endpoint=\(Bool.random(using: &dice) ? "vip" : "dnsrr")"
        case 10: "remove service \(service)"
        case 11, 12: "task \(task) state=new node=\(node)"
        case 13: "task \(task) state=running"
        case 14: "task \(task) state=failed"
        default: "restart"
        }
    }

    /// Plays 120 steps; what cannot be done is passed over, as the API would refuse it.
    private static func play(seed: UInt64) throws -> Transcript {
        var dice = SeededGenerator(seed: seed)
        var transcript = Transcript([Allocator()])
        for number in 0..<120 {
            let step = Self.step(&dice)
            guard Self.isAllowed(step, on: transcript.stage.state) else { continue }
            var tried = transcript
            guard (try? tried.perform(step)) != nil, Self.isSound(tried.stage) else { continue }
            transcript = tried
            if Bool.random(using: &dice) { _ = try transcript.perform("plan") }
            guard number % 10 == 9 else { continue }
            let settled = try transcript.perform("settle")
            #expect(settled != ["does not settle"], "seed \(seed), step \(number)")
            let audit = AllocationAudit(of: transcript.stage.state, now: transcript.stage.now)
            #expect(
                audit.findings.map { "\($0.object) \($0.problem)" } == [],
                "seed \(seed), step \(number): \(step)"
            )
        }
        return transcript
    }

    /// Whether services have the networks that they name, as the API sees to, and tasks their nodes and no way back.
    private static func isSound(_ stage: Stage) -> Bool {
        let state = stage.state
        return stage.violations.isEmpty
            && state.services.unordered.allSatisfy { service in
                let needsMesh = service.spec.endpoint.ports.contains { $0.publishMode == .ingress }
                return service.spec.task.networks.allSatisfy { state.networks[$0.target] != nil }
                    && !(needsMesh
                        && (service.spec.endpoint.mode == .dnsrr || state.networks["network-ingress"] == nil))
            } && state.tasks.unordered.allSatisfy { state.nodes[$0.nodeID] != nil }
    }

    /// What the API refuses: to remove what is in use.
    private static func isAllowed(_ step: String, on state: StoreState) -> Bool {
        let words = step.split(separator: " ").map(String.init)
        if words.first == "network" { return state.networks["network-\(words[1])"] == nil }
        guard words.first == "remove", words.count == 3 else { return true }
        switch words[1] {
        case "network":
            let id = "network-\(words[2])"
            return !state.services.unordered.contains { service in
                service.spec.task.networks.contains { $0.target == id }
                    || id == "network-ingress"
                        && service.spec.endpoint.ports.contains { $0.publishMode == .ingress }
            }
                && !state.tasks.unordered.contains { task in
                    task.status.state.rawValue <= SwarmTaskState.running.rawValue
                        && task.networks.contains { $0.network.id == id }
                }
        case "node": return state.tasks.find(.node(words[2])).isEmpty
        default: return true
        }
    }

    @Test(arguments: UInt64(1)...60)
    func `nothing is given out twice or kept for nobody, whatever happened`(seed: UInt64) throws {
        let transcript = try Self.play(seed: seed)
        #expect(transcript.stage.violations == [])
    }

    @Test(arguments: UInt64(1)...10)
    func `AL-10: a new leader finds nothing to change in what the last one left`(seed: UInt64) throws {
        var transcript = try Self.play(seed: seed)
        _ = try transcript.perform("settle")
        _ = try transcript.perform("restart")
        let more = try transcript.perform("settle")
        // Only what waited may find its place, since a new leader counts from the store.
        #expect(more.allSatisfy { $0 == "nothing" || $0.contains("waiting") }, "\(more)")
    }
}
