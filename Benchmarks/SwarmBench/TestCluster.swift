import BenchSupport
import ControlClient
import Foundation
import GRPCCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// One manager in a scratch folder, run from the binary beside this one.
enum TestCluster {
    enum Failure: Error { case notReady(log: String) }

    /// Starts the manager, runs `body` with a client of it and its socket, and ends and removes everything.
    static func with<Value: Sendable>(
        executor: String,
        _ body: @concurrent @Sendable @escaping (ControlClient, String) async throws -> Value
    ) async throws -> Value {
        try await ScratchFolder.with("swarm-bench-\(executor)") { folder in
            let socket = folder.url.appending(path: "swarmd.sock").path
            let daemon = try Daemon(
                [
                    Products.swarmd.path, "run", "--init", "--socket", socket,
                    "--state-dir", folder.url.appending(path: "state").path,
                    "--listen-addr", "127.0.0.1:0", "--executor", executor, "--log-level", "warning",
                ],
                log: folder.url.appending(path: "log")
            )
            defer { daemon.end() }
            return try await ControlClient.withConnection(to: socket) { client in
                try await Self.waitUntilReady(client, daemon)
                return try await body(client, socket)
            }
        }
    }

    private static func waitUntilReady(_ client: ControlClient, _ daemon: Daemon) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let nodes = try? await client.control.listNodes(.init()).nodes
            if nodes?.contains(where: { $0.status.state == .ready }) == true { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Failure.notReady(log: daemon.lastWords)
    }
}

extension ControlClient {
    /// Creates a service and returns the time until as many of its tasks as it wants are RUNNING, as Watch tells.
    func timeToRunning(_ spec: SwarmServiceSpec) async throws -> (id: String, time: Duration) {
        let wanted = Int(spec.replicated.replicas)
        var request = SwarmWatchRequest()
        var entry = SwarmWatchRequest.WatchEntry()
        entry.kind = "task"
        entry.action = SwarmWatchActionKind.watchActionUpdate
        request.entries = [entry]
        let control = self.control
        return try await self.watch.watch(request) { response in
            var messages = response.messages.makeAsyncIterator()
            _ = try await messages.next()  // Subscribed.
            let began = ContinuousClock.now
            let create = SwarmCreateServiceRequest.with { $0.spec = spec }
            async let service = control.createService(create).service.id
            var running: Set<String> = []
            while running.count < wanted, let message = try await messages.next() {
                for event in message.events where event.object.task.status.state == .running {
                    running.insert(event.object.task.id)
                }
            }
            return (try await service, ContinuousClock.now - began)
        }
    }

    /// Removes the service and waits until its tasks are gone.
    func removeAndWait(_ id: String) async throws {
        _ = try await self.control.removeService(.with { $0.serviceID = id })
        let request = SwarmListTasksRequest.with { $0.filters.serviceIds = [id] }
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline, try await !self.control.listTasks(request).tasks.isEmpty {
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
