import ConsoleCore
import ControlClient
import SwarmAPI
import SwiftProtobuf

/// The operator's changes of a whole service.
enum ServiceRequests {
    /// Replaces the tasks of the service that the operator saw with ones of the same spec.
    static func roll(_ client: ControlClient, _ seen: SeenObject) async throws -> RequestOutcome {
        try await Self.change(client, seen) { service in
            service.spec.task.forceUpdate &+= 1
            return .none
        }
    }

    /// Gives the service that the operator saw the spec before.
    static func rollBack(_ client: ControlClient, _ seen: SeenObject) async throws -> RequestOutcome {
        try await Self.change(client, seen) { _ in .previous }
    }

    /// Removes the service, if it still is as the operator saw it.
    static func remove(_ client: ControlClient, _ seen: SeenObject) async throws -> RequestOutcome {
        let service = try await client.service(id: seen.id)
        guard service.meta.version.index == seen.version else { return Self.conflict(service) }
        try await client.removeService(id: seen.id)
        return .done
    }

    private static func change(
        _ client: ControlClient,
        _ seen: SeenObject,
        _ body: (inout SwarmService) -> SwarmUpdateServiceRequest.Rollback
    ) async throws -> RequestOutcome {
        var service = try await client.service(id: seen.id)
        guard service.meta.version.index == seen.version else { return Self.conflict(service) }
        let rollback = body(&service)
        do {
            _ = try await client.update(service, rollback: rollback)
            return .done
        } catch let error as ControlError where error.kind == .outOfSequence {
            return Self.conflict(try await client.service(id: seen.id))
        }
    }

    private static func conflict(_ service: SwarmService) -> RequestOutcome {
        .conflict(version: service.meta.version.index, now: .object)
    }
}
