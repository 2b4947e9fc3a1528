import BenchSupport
import Foundation
import Glibc

/// Drives all clients of a load, on the thread that runs it.
struct Loader {
    private let endpoint: Endpoint
    private let value: Data
    private let window: Range<ContinuousClock.Instant>
    private let connections: [LoaderConnection]
    private var clients: [LoaderClient]
    private var result: LoadResult

    /// Opens the connections; `name` begins the names of the objects.
    init(_ load: Load, on endpoint: Endpoint, name: String, value: Data) throws {
        let count = min(load.clients, load.connections)
        self.endpoint = endpoint
        self.value = value
        self.result = LoadResult(duration: load.duration)
        self.clients = (0..<load.clients).map { LoaderClient(name: "\(name)-\($0)", connection: $0 % count) }
        self.connections = try (0..<count).map { _ in
            try LoaderConnection(endpoint, path: endpoint.method, limit: Load.limit)
        }
        let from = ContinuousClock.now + load.warmUp
        self.window = from..<(from + load.duration)
    }

    /// Writes until the time is over, or `isCancelled` says so.
    mutating func run(isCancelled: () -> Bool) throws -> LoadResult {
        while ContinuousClock.now < self.window.upperBound, !isCancelled() {
            // All of them at first; then those whose call failed.
            for number in self.clients.indices where self.clients[number].stream == nil {
                try self.begin(number)
            }
            for connection in self.connections { try connection.flush() }
            for connection in try self.readable() {
                for ending in try connection.receive() { try self.end(ending) }
            }
            self.giveUpLate()
        }
        return self.result
    }

    /// Waits for answers a moment.
    private func readable() throws -> [LoaderConnection] {
        let rests = self.clients.contains { $0.stream == nil }
        var polled = self.connections.map(\.pollable)
        let count = poll(&polled, nfds_t(polled.count), rests ? 1 : 100)
        guard count > 0 else { return [] }
        return zip(self.connections, polled).filter { $0.1.revents != 0 }.map(\.0)
    }

    private mutating func begin(_ number: Int) throws {
        let connection = self.connections[self.clients[number].connection]
        let request = try self.clients[number].begin(self.value, for: self.endpoint)
        self.clients[number].stream = try connection.call(request, by: number)
    }

    private mutating func end(_ ending: LoaderConnection.Ending) throws {
        if let failure = ending.failure {
            return self.fail(ending.caller, failure)
        }
        let now = ContinuousClock.now
        self.result.writes += 1
        if self.window.contains(now) {
            self.result.times.append((now - self.clients[ending.caller].began).milliseconds)
        }
        try self.begin(ending.caller)
    }

    private mutating func fail(_ number: Int, _ failure: String) {
        self.result.failures += 1
        self.result.failure = self.result.failure ?? failure
        self.clients[number].stream = nil
    }

    /// Calls that take longer than they may have failed.
    private mutating func giveUpLate() {
        let oldest = ContinuousClock.now - Load.limit
        for number in self.clients.indices where self.clients[number].began < oldest {
            guard let stream = self.clients[number].stream else { continue }
            self.connections[self.clients[number].connection].cancel(stream)
            self.fail(number, "no answer within \(Load.limit)")
        }
    }
}
