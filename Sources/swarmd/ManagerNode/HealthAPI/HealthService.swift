package import GRPCCore
package import SwarmAPI
import SwarmRPC
import Synchronization

/// Says which of a listener's services are ready.
///
/// The TCP listener has the key "Raft", the unix socket "ControlAPI"; the empty key stands for the server
/// itself and is always served (SwarmKit `manager/health/health.go`).
package final class HealthService: SwarmHealth.SimpleServiceProtocol {
    private let isServing: Mutex<[String: Bool]>

    /// The keys are known from the start, and not served.
    package init(keys: [String]) {
        self.isServing = Mutex(Dictionary(uniqueKeysWithValues: keys.map { ($0, false) }))
    }

    /// Says whether the service behind `key` answers.
    package func set(_ key: String, isServing: Bool) {
        self.isServing.withLock { $0[key] = isServing }
    }

    package func check(
        request: SwarmHealthCheckRequest,
        context: ServerContext
    ) async throws -> SwarmHealthCheckResponse {
        var response = SwarmHealthCheckResponse()
        if request.service.isEmpty {
            response.status = .serving
        } else if let isServing = self.isServing.withLock({ $0[request.service] }) {
            response.status = isServing ? .serving : .notServing
        } else {
            throw RPCError(code: .notFound, message: "unknown service")
        }
        return response
    }
}
