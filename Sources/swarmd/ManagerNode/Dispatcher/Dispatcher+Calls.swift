import Dispatching
import GRPCCore
import Primitives
import ReplicatedStore
import StoreCore
import SwarmAPI

/// What agents' calls do.
extension Dispatcher {
    /// A stream that carries a session.
    struct OpenSession: Sendable {
        let node: String
        let id: String
        /// The session table's number of the stream.
        let stream: UInt64
        /// The term's number of the feed.
        let feedID: UInt64
        let feed: StreamFeed
    }

    /// Opens a session, or takes up the one that `request` names; returns when the node is READY in the store.
    func openSession(node: String, addr: String, _ request: SwarmSessionRequest) async throws -> OpenSession {
        guard await self.store.committed.state.nodes[node] != nil else {
            throw RPCError(code: .unknown, message: "node not found")
        }
        let now = self.steady.now
        let (open, actions) = try self.withTerm { term in
            let (session, actions) = try Self.onWire {
                () throws(SessionError) in
                try term.sessions.open(node: node, addr: addr, sessionID: request.sessionID, now: now)
            }
            let (feedID, feed) = term.addStream(node: node, session: session.sessionID, .session)
            let open = OpenSession(
                node: node,
                id: session.sessionID,
                stream: session.stream,
                feedID: feedID,
                feed: feed
            )
            return (open, actions)
        }
        self.perform(actions)
        self.notifyWatchers()
        let description = request.hasDescription_p ? request.description_p : nil
        do {
            try await RPCError.onWire {
                try await self.nodeWrites.submit([.ready(node: node, addr: addr, description: description)])
            }
        } catch {
            self.closeSession(open)
            throw error
        }
        return open
    }

    /// Notes that a session's stream ended.
    func closeSession(_ open: OpenSession) {
        let actions = try? self.withTerm { term in
            term.removeStream(open.feedID)
            return term.sessions.end(node: open.node, stream: open.stream)
        }
        self.perform(actions ?? [])
    }

    /// What the agent has to know now; nil if its node is gone.
    func sessionMessage(for open: OpenSession) async -> SwarmSessionMessage? {
        let state = await self.store.committed.state
        guard let node = state.nodes[open.node] else { return nil }
        var message = SwarmSessionMessage()
        message.sessionID = open.id
        message.node = node
        message.managers = await self.managers()
        if let cluster = state.clusters.all.first {
            message.networkBootstrapKeys = cluster.networkBootstrapKeys
            message.rootCa = cluster.rootCa.caCert
        }
        return message
    }

    func heartbeat(node: String, session: String) throws -> Duration {
        let now = self.steady.now
        return try self.withTerm { term in
            try Self.onWire { () throws(SessionError) in
                try term.sessions.heartbeat(node: node, sessionID: session, now: now)
            }
        }
    }

    /// Begins a stream of assignments.
    func openAssignments(node: String, session: String) throws -> (id: UInt64, feed: StreamFeed) {
        try self.withTerm { term in
            try Self.onWire { () throws(SessionError) in
                try term.sessions.check(node: node, sessionID: session)
            }
            return term.addStream(node: node, session: session, .assignments)
        }
    }

    func closeAssignments(_ id: UInt64) {
        _ = try? self.withTerm { $0.removeStream(id) }
    }

    /// Stores an agent's reports; returns when they are committed.
    func report(node: String, _ request: SwarmUpdateTaskStatusRequest) async throws {
        try self.withTerm { term in
            try Self.onWire { () throws(SessionError) in
                try term.sessions.check(node: node, sessionID: request.sessionID)
            }
        }
        // The committed state, and not the term's: that may not have the newest task yet.
        let state = await self.store.committed.state
        let reports: [StatusBatch.Report]
        do {
            reports = try StatusBatch.reports(in: request, from: node, on: state)
        } catch {
            throw RPCError(
                code: .permissionDenied,
                message: "cannot update a task not assigned this node: updates.task_id \(error.taskID)"
            )
        }
        try await RPCError.onWire { try await self.statusWrites.submit(reports) }
    }

    /// The codes and texts are SwarmKit's; agents choose by the code.
    private static func onWire<Result>(_ body: () throws(SessionError) -> Result) throws(RPCError) -> Result {
        do {
            return try body()
        } catch {
            switch error {
            case .notRegistered: throw RPCError(code: .notFound, message: "node not registered")
            case .invalid: throw RPCError(code: .invalidArgument, message: "session invalid")
            case .tooManyRegistrations(let node):
                throw RPCError(
                    code: .unavailable,
                    message: "node \(node) exceeded rate limit count of registrations"
                )
            }
        }
    }
}

extension ReplicatedStore {
    /// Commits a transaction; where the log has no room for it, tries again for a while.
    func updateWithPatience(_ body: @escaping @Sendable (inout Transaction) throws -> Void) async throws {
        for _ in 1..<DispatcherLimits.attempts {
            do {
                return try await self.update(body)
            } catch ProposalError.overloaded {
                try await ContinuousClock().sleep(for: DispatcherLimits.pause)
            }
        }
        try await self.update(body)
    }
}
