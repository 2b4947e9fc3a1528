import EtcdAPI
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// A connection to one member, with the calls that are measured.
///
/// Both systems get the same transport with the same settings.
struct Connection: Sendable {
    private enum Service: Sendable {
        case manager(SwarmControl.Client<Transport>, SwarmdConsole.Client<Transport>)
        case etcd(EtcdKV.Client<Transport>, EtcdMaintenance.Client<Transport>)
    }

    private typealias Transport = HTTP2ClientTransport.Posix

    private let service: Service

    private init(_ client: GRPCClient<Transport>, to endpoint: Endpoint) {
        switch endpoint {
        case .manager: self.service = .manager(.init(wrapping: client), .init(wrapping: client))
        case .etcd: self.service = .etcd(.init(wrapping: client), .init(wrapping: client))
        }
    }

    /// Opens `count` connections, runs `body`, and closes them.
    static func with<Value: Sendable>(
        _ endpoint: Endpoint,
        count: Int = 1,
        _ body: ([Connection]) async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let clients = try (0..<count).map { _ in
                GRPCClient(transport: try Self.transport(endpoint))
            }
            for client in clients { group.addTask { try await client.runConnections() } }
            defer { for client in clients { client.beginGracefulShutdown() } }
            return try await body(clients.map { Connection($0, to: endpoint) })
        }
    }

    private static func transport(_ endpoint: Endpoint) throws -> Transport {
        var config = Transport.Config.defaults
        config.connection.flushCoalescing = nil
        config.http2.authority = "localhost"
        switch endpoint {
        case .manager(let socket):
            return try Transport(
                target: .unixDomainSocket(path: socket),
                transportSecurity: .plaintext,
                config: config
            )
        case .etcd(let port):
            return try Transport(
                target: .ipv4(address: "127.0.0.1", port: port),
                transportSecurity: .plaintext,
                config: config
            )
        }
    }

    /// Writes a new object; returns when the group has committed it.
    func write(_ name: String, _ value: Data, within limit: Duration) async throws {
        var options = CallOptions.defaults
        options.timeout = limit
        switch self.service {
        case .manager(let control, _):
            var request = SwarmCreateConfigRequest()
            request.spec.annotations.name = name
            request.spec.data = value
            _ = try await control.createConfig(request, options: options)
        case .etcd(let store, _):
            var request = EtcdPutRequest()
            request.key = Data(name.utf8)
            request.value = value
            _ = try await store.put(request, options: options)
        }
    }

    /// Makes a service whose tasks nobody runs; it exists for managers only.
    func createService(_ name: String, replicas: Int) async throws {
        guard case .manager(let control, _) = self.service else { return }
        var request = SwarmCreateServiceRequest()
        request.spec.annotations.name = name
        request.spec.replicated.replicas = UInt64(replicas)
        request.spec.task.container.image = "host"
        request.spec.task.container.command = ["sh", "-c", "exec sleep 600"]
        request.spec.task.container.env = ["NAME=\(name)"]
        _ = try await control.createService(request)
    }

    /// Follows what a manager says, by one stream, until `condition` holds; throws after `limit`.
    func follow(
        within limit: Duration,
        until condition: @Sendable @escaping (MemberStatus) -> Bool
    ) async throws {
        guard case .manager(_, let console) = self.service else { return }
        var options = CallOptions.defaults
        options.timeout = limit
        try await console.status(.init(), options: options) { response in
            for try await status in response.messages where condition(Self.status(status)) { return }
        }
    }

    /// What the member says of its group.
    func status() async throws -> MemberStatus? {
        var options = CallOptions.defaults
        options.timeout = .seconds(1)
        switch self.service {
        case .manager(_, let console):
            return try await console.status(.init(), options: options) { response in
                for try await status in response.messages { return Self.status(status) }
                return nil
            }
        case .etcd(_, let maintenance):
            let status = try await maintenance.status(.init(), options: options)
            let leads = status.leader != 0 && status.leader == status.header.memberID
            return MemberStatus(leads: leads, hasLeader: status.leader != 0, voters: nil)
        }
    }

    private static func status(_ status: SwarmdConsoleStatus) -> MemberStatus {
        let raft = status.raft
        return MemberStatus(
            leads: !raft.leaderID.isEmpty && raft.leaderID == status.nodeID,
            hasLeader: !raft.leaderID.isEmpty,
            voters: raft.members.count { !$0.learner && ($0.reachable || $0.leader) },
            pendingTasks: Int(status.states.first { $0.state == .pending }?.tasks ?? 0),
            snapshotIndex: raft.snapshotIndex
        )
    }
}
