import ConsoleCore
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// Carries out the operator's changes, one after the other.
struct Requests: Sendable {
    /// Dialogs ask one at a time; a closed one may leave its request behind.
    private static let limit = 16

    /// How each request ended.
    let outcomes: AsyncStream<(request: Int, outcome: RequestOutcome)>
    private let finished: AsyncStream<(request: Int, outcome: RequestOutcome)>.Continuation
    private let effects: AsyncStream<Effect>
    private let queue: AsyncStream<Effect>.Continuation
    private let socket: String

    init(socket: String) {
        self.socket = socket
        (self.effects, self.queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit))
        (self.outcomes, self.finished) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit))
    }

    /// Takes a request; its outcome comes later.
    func submit(_ effect: Effect, request: Int) {
        if case .dropped = self.queue.yield(effect) {
            self.finished.yield((request, .failed("too many requests are waiting")))
        }
    }

    /// Works until it is cancelled.
    func run() async {
        for await effect in self.effects {
            guard let request = effect.request else { continue }
            let outcome = await self.attempt { client in try await Self.perform(effect, client) }
            self.finished.yield((request, outcome))
        }
    }

    private static func perform(
        _ effect: Effect,
        _ client: ControlClient
    ) async throws -> RequestOutcome {
        switch effect {
        case .scale(_, let id, let version, let replicas):
            try await Self.scale(client, id, version, replicas)
        case .setAvailability(_, let id, let version, let availability):
            try await Self.set(client, id, version, availability)
        case .setRole(_, let nodes, let role): try await Self.set(client, nodes, role)
        case .roll(_, let seen): try await ServiceRequests.roll(client, seen)
        case .rollBack(_, let seen): try await ServiceRequests.rollBack(client, seen)
        case .removeService(_, let seen): try await ServiceRequests.remove(client, seen)
        case .removeNode(_, let seen):
            try await Self.remove(client, seen)
        case .transferLeader(_, let id):
            try await Self.transferLeadership(client, id)
        case .changeCluster(_, let cluster, let change):
            try await ClusterRequests.change(client, cluster, change)
        case .readKeys(_, let id):
            try await ClusterRequests.keys(client, of: ClusterRequests.cluster(client, id))
        case .inspect(_, let key): .object(try await client.object(key))
        case .replaceSpec(_, let object, let text): try await client.replaceSpec(of: object, with: text)
        case .several(_, let effects): try await Self.perform(effects, client)
        case .preview, .openEditor, .followLogs, .copy, .redraw, .suspend, .quit: .done
        }
    }

    /// Makes the changes in order; the first that is not made ends them.
    private static func perform(_ effects: [Effect], _ client: ControlClient) async throws -> RequestOutcome {
        for (done, effect) in effects.enumerated() {
            do {
                switch try await Self.perform(effect, client) {
                case .failed(let words): return .partly(done: done, words)
                case .conflict:
                    return .partly(done: done, "somebody changed the next one meanwhile: ask anew")
                case .done, .keys, .object, .partly: break
                }
            } catch {
                return .partly(done: done, "\(error)")
            }
        }
        return .done
    }

    private func attempt(
        _ body: @Sendable @escaping (ControlClient) async throws -> RequestOutcome
    ) async -> RequestOutcome {
        do {
            return try await ControlClient.withConnection(to: self.socket, body)
        } catch {
            return .failed("\(error)")
        }
    }

    /// Changes the spec that had `version`, so that nobody else's change is overwritten.
    private static func scale(
        _ client: ControlClient,
        _ id: String,
        _ version: UInt64,
        _ replicas: UInt64
    ) async throws -> RequestOutcome {
        var service = try await client.service(id: id)
        guard service.meta.version.index == version else { return Self.conflict(service) }
        service.spec.replicated.replicas = replicas
        do {
            _ = try await client.update(service)
            return .done
        } catch let error as ControlError where error.kind == .outOfSequence {
            return Self.conflict(try await client.service(id: id))
        }
    }

    private static func conflict(_ service: SwarmService) -> RequestOutcome {
        .conflict(version: service.meta.version.index, now: .replicas(service.spec.replicated.replicas))
    }

    private static func set(
        _ client: ControlClient,
        _ id: String,
        _ version: UInt64,
        _ availability: SwarmNodeSpec.Availability
    ) async throws -> RequestOutcome {
        var node = try await Self.node(client, id)
        guard node.meta.version.index == version else { return Self.conflict(node) }
        node.spec.availability = availability
        do {
            _ = try await client.update(node)
            return .done
        } catch let error as ControlError where error.kind == .outOfSequence {
            return Self.conflict(try await Self.node(client, id))
        }
    }

    /// Gives the nodes a role one after the other; one that has it already is left alone, so that a request that
    /// ended halfway can be made again.
    private static func set(
        _ client: ControlClient,
        _ nodes: [SeenObject],
        _ role: SwarmNodeRole
    ) async throws -> RequestOutcome {
        for seen in nodes {
            var node = try await Self.node(client, seen.id)
            if node.spec.desiredRole == role { continue }
            guard node.meta.version.index == seen.version else { return Self.roleConflict(node) }
            node.spec.desiredRole = role
            do {
                _ = try await client.update(node)
            } catch let error as ControlError where error.kind == .outOfSequence {
                return Self.roleConflict(try await Self.node(client, seen.id))
            }
        }
        return .done
    }

    /// Removes a node that is still as the operator saw it; the manager refuses one that is up.
    private static func remove(_ client: ControlClient, _ seen: SeenObject) async throws -> RequestOutcome {
        let node = try await Self.node(client, seen.id)
        guard node.meta.version.index == seen.version else {
            return .conflict(version: node.meta.version.index, now: .object)
        }
        try await client.removeNode(id: seen.id, force: false)
        return .done
    }

    private static func transferLeadership(
        _ client: ControlClient,
        _ id: String
    ) async throws -> RequestOutcome {
        try await client.transferLeadership(to: id)
        return .done
    }

    private static func roleConflict(_ node: SwarmNode) -> RequestOutcome {
        .conflict(version: node.meta.version.index, now: .role(node: node.id, node.spec.desiredRole))
    }

    private static func node(_ client: ControlClient, _ id: String) async throws -> SwarmNode {
        let found = try await client.nodes(.with { $0.idPrefixes = [id] }).first { $0.id == id }
        guard let found else { throw ControlError(.notFound, "the node is gone") }
        return found
    }

    private static func conflict(_ node: SwarmNode) -> RequestOutcome {
        .conflict(version: node.meta.version.index, now: .availability(node.spec.availability))
    }
}
