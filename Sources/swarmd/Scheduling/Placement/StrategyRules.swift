import SwarmAPI

/// Which strategy each service is placed by.
struct StrategyRules: Sendable {
    private var services: [String: Strategy] = [:]
    private var cluster: Strategy?

    mutating func put(_ service: SwarmService) {
        self.services[service.id] = Strategy(service.spec.annotations.labels)
    }

    mutating func put(_ cluster: SwarmCluster) {
        self.cluster = Strategy(cluster.spec.annotations.labels)
    }

    mutating func remove(service id: String) { self.services[id] = nil }

    /// The service's own choice, else the cluster's, else spread.
    func strategy(of serviceID: String) -> Strategy { self.services[serviceID] ?? self.cluster ?? .spread }
}
