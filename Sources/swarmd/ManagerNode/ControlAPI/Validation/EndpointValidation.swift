import GRPCCore
import SwarmAPI

/// Whether a service's ports can be published (SwarmKit `controlapi/service.go`, `validateEndpointSpec`).
enum EndpointValidation {
    static func check(_ endpoint: SwarmEndpointSpec) throws(RPCError) {
        var published: Set<PublishedPort> = []
        for port in endpoint.ports {
            // Names behind a virtual address have one for the mesh to balance; round-robin names have none.
            if endpoint.mode == .dnsrr && port.publishMode == .ingress {
                throw .invalid(
                    "EndpointSpec: port published with ingress mode can't be used with dnsrr mode"
                )
            }
            guard port.publishedPort <= UInt16.max, port.targetPort <= UInt16.max else {
                throw .invalid("EndpointSpec: ports: a port number is above 65535")
            }
            guard port.publishedPort != 0 else { continue }
            guard published.insert(PublishedPort(port)).inserted else {
                throw .invalid("EndpointSpec: duplicate published ports provided")
            }
        }
    }
}

/// A port as clients see it.
struct PublishedPort: Hashable {
    let number: UInt32
    let transport: SwarmPortConfig.ProtocolEnum

    init(_ port: SwarmPortConfig) {
        self.number = port.publishedPort
        self.transport = port.protocol
    }
}

/// Whether a service's published ports are free (SwarmKit `controlapi/service.go`, `checkPortConflicts`).
enum PortConflict {
    /// Refuses a port that the mesh serves for another service, or would have to share with the hosts.
    ///
    /// Ports on the hosts may repeat: the scheduler keeps them apart.
    static func check(
        _ spec: SwarmServiceSpec,
        of id: String,
        among services: some Sequence<SwarmService>
    ) throws(RPCError) {
        let wanted = spec.endpoint.ports.filter { $0.publishedPort != 0 }
        guard !wanted.isEmpty else { return }
        let onIngress = Set(wanted.filter { $0.publishMode == .ingress }.map(PublishedPort.init))
        let anywhere = Set(wanted.map(PublishedPort.init))
        for service in services where service.id != id {
            for port in service.spec.endpoint.ports + service.endpoint.ports {
                let isOnHost = port.publishMode == .host
                let conflicts = isOnHost ? onIngress : anywhere
                guard port.publishedPort != 0, conflicts.contains(PublishedPort(port)) else { continue }
                throw .invalid(
                    "port '\(port.publishedPort)' is already in use by service "
                        + "'\(service.spec.annotations.name)' (\(service.id)) as "
                        + (isOnHost ? "a host-published port" : "an ingress port")
                )
            }
        }
    }
}
