import Foundation
import LinuxSystem
import Synchronization

extension TrustLab {
    /// The established connections of a daemon to managers' ports, by the kernel's word.
    struct Connections: Sendable, Equatable {
        /// The sockets' numbers, by the address of the other end; one address may have several.
        var sockets: [String: Set<String>] = [:]

        init() {}

        /// Those of the namespace of the process `pid` to `port`, where there were some to `known` before.
        ///
        /// The kernel does not write the table at one moment: what is made while another goes may be missing with
        /// it. So it is read again where something is missing.
        init(of pid: Int32, to port: Int, known: some Sequence<String>) throws {
            try self.read(of: pid, to: port)
            let isWhole = known.allSatisfy { self.sockets[$0] != nil }
            if !isWhole { try self.read(of: pid, to: port) }
        }

        private mutating func read(of pid: Int32, to port: Int) throws {
            // Foundation's reader takes a page of the table for the whole of it.
            let table = try Files.readText("/proc/\(pid)/net/tcp")
            let end = ":" + Self.hexadecimal(port)
            for line in table.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                // Number, own end, other end, state (1 is ESTABLISHED), ..., and the socket's inode as the tenth.
                guard fields.count > 9, fields[3] == "01", fields[2].hasSuffix(end) else { continue }
                self.sockets[String(fields[2].dropLast(end.count)), default: []].insert(String(fields[9]))
            }
        }

        private static func hexadecimal(_ port: Int) -> String {
            let digits = String(port, radix: 16, uppercase: true)
            return String(repeating: "0", count: 4 - digits.count) + digits
        }
    }

    /// What was seen of the connections of all nodes while something else went on.
    struct Watched: Sendable {
        /// How often they were looked at.
        var looks = 0
        /// The connections in the beginning, and at the last look.
        var before: [Connections] = []
        var last: [Connections] = []
        /// Where a node that had connections to managers had none at a look.
        var cutOff: [String] = []
        /// Where a manager that was connected to another was not at a look.
        var parted: [String] = []
    }

    /// Tells who looks when to stop.
    private final class End: Sendable {
        private let state = Mutex(false)

        var isThere: Bool { self.state.withLock { $0 } }

        func come() { self.state.withLock { $0 = true } }
    }

    /// Looks at all connections again and again while `body` runs.
    func whileWatching(_ body: () async throws -> Void) async throws -> Watched {
        let end = End()
        async let watched = self.watch(until: end)
        do { try await body() } catch {
            end.come()
            throw error
        }
        end.come()
        return try await watched
    }

    private func watch(until end: End) async throws -> Watched {
        var watched = Watched()
        watched.before = try (0..<self.count).map { try self.connections(of: $0) }
        watched.last = watched.before
        while !end.isThere {
            for node in 0..<self.count {
                let now = try self.connections(of: node, after: watched.before[node])
                watched.note(now, of: node, self)
            }
            watched.looks += 1
            try await ContinuousClock().sleep(for: .milliseconds(5))
        }
        return watched
    }

    private func connections(of node: Int, after before: Connections = Connections()) throws -> Connections {
        guard let pid = self.pid(of: node) else { throw Failure(description: "n\(node) does not run") }
        return try Connections(of: pid, to: Self.port, known: before.sockets.keys)
    }
}

extension TrustLab.Watched {
    fileprivate mutating func note(_ now: TrustLab.Connections, of node: Int, _ trust: TrustLab) {
        let before = self.before[node].sockets
        defer { self.last[node] = now }
        if now.sockets.isEmpty, !before.isEmpty { self.cutOff.append("n\(node) at look \(self.looks)") }
        guard node < trust.managers else { return }
        for other in before.keys.sorted() where now.sockets[other] == nil {
            let last = self.last[node].sockets[other, default: []].sorted()
            self.parted.append("n\(node) and \(other) at look \(self.looks), after \(last)")
        }
    }
}
