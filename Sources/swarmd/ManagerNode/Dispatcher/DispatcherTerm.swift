import Dispatching
import GRPCCore
import Primitives
import StoreCore
import SwarmAPI

/// The dispatcher's state in one term of leadership: the sessions, and the streams that serve them.
struct DispatcherTerm: Sendable {
    /// What a stream carries.
    enum Purpose: Sendable {
        case session
        case assignments
    }

    private struct Stream: Sendable {
        let node: String
        let session: String
        let purpose: Purpose
        let feed: StreamFeed
    }

    /// What `apply` looks at.
    ///
    /// A secret or a config comes to a node with a task, and its data is never changed.
    static let follows: ObjectKinds = [.tasks, .nodes, .clusters]

    var sessions: SessionTable
    /// The newest committed state that the dispatcher has seen.
    private(set) var state: StoreState
    private var index: UInt64
    private var streams: [UInt64: Stream] = [:]
    private var streamsOfNode: [String: Set<UInt64>] = [:]
    private var lastStream: UInt64 = 0

    init(on state: StoreState, at index: UInt64, generator: SeededGenerator) {
        self.state = state
        self.index = index
        self.sessions = SessionTable(period: Self.period(in: state), generator: generator)
    }

    /// The heartbeat period that the cluster's spec asks for.
    static func period(in state: StoreState) -> Duration {
        guard let dispatcher = state.clusters.all.first?.spec.dispatcher, dispatcher.hasHeartbeatPeriod else {
            return DispatchingLimits.defaultPeriod
        }
        return Duration(dispatcher.heartbeatPeriod)
    }

    /// Adds a stream; from now on its feed gets what concerns the node.
    mutating func addStream(
        node: String,
        session: String,
        _ purpose: Purpose
    ) -> (id: UInt64, feed: StreamFeed) {
        self.lastStream += 1
        let stream = Stream(node: node, session: session, purpose: purpose, feed: StreamFeed())
        self.streams[self.lastStream] = stream
        self.streamsOfNode[node, default: []].insert(self.lastStream)
        return (self.lastStream, stream.feed)
    }

    mutating func removeStream(_ id: UInt64) {
        guard let stream = self.streams.removeValue(forKey: id) else { return }
        self.streamsOfNode[stream.node]?.remove(id)
        if self.streamsOfNode[stream.node]?.isEmpty == true { self.streamsOfNode[stream.node] = nil }
    }

    /// Ends the streams of a session that is over.
    func close(node: String, session: String, _ ending: (Purpose) -> RPCError) {
        for stream in self.streams(of: node) where stream.session == session {
            stream.feed.finish(ending(stream.purpose))
        }
    }

    /// Ends all streams.
    func closeAll(_ ending: RPCError) {
        for stream in self.streams.values { stream.feed.finish(ending) }
    }

    /// Passes on what a commit changed, to the streams that it concerns; returns what follows from it.
    mutating func apply(_ commit: Commit) -> [SessionTable.Action] {
        self.state = commit.state
        self.index = commit.index
        var tasks: [String: [String]] = [:]
        var nodes: Set<String> = []
        var concernsAll = false
        var actions: [SessionTable.Action] = []
        for change in commit.changes {
            switch change.value {
            case .task(let task):
                if !task.nodeID.isEmpty { tasks[task.nodeID, default: []].append(task.id) }
            case .node(let node):
                nodes.insert(node.id)
                concernsAll = concernsAll || change.concernsManagers
                if case .remove = change { actions += self.sessions.forget(node: node.id) }
            case .cluster:
                concernsAll = true
                self.sessions.setPeriod(Self.period(in: commit.state))
            case .service, .network, .secret, .resource, .extension, .config, .volume: break
            }
        }
        self.offer(tasks: tasks, nodes: concernsAll ? nil : nodes)
        return actions
    }

    /// Goes on from a state without knowing what led to it.
    mutating func jump(to state: StoreState, at index: UInt64) -> [SessionTable.Action] {
        self.state = state
        self.index = index
        self.sessions.setPeriod(Self.period(in: state))
        for stream in self.streams.values { stream.feed.offer(tasks: nil, state: state, at: index) }
        return self.sessions.sessions.filter { state.nodes[$0.nodeID] == nil }
            .flatMap { self.sessions.forget(node: $0.nodeID) }
    }

    private func offer(tasks: [String: [String]], nodes: Set<String>?) {
        for (node, ids) in tasks {
            for stream in self.streams(of: node) where stream.purpose == .assignments {
                stream.feed.offer(tasks: ids, state: self.state, at: self.index)
            }
        }
        let concerned = nodes.map { $0.flatMap(self.streams(of:)) } ?? Array(self.streams.values)
        for stream in concerned where stream.purpose == .session {
            stream.feed.offer(tasks: [], state: self.state, at: self.index)
        }
    }

    private func streams(of node: String) -> [Stream] {
        self.streamsOfNode[node]?.compactMap { self.streams[$0] } ?? []
    }
}

extension StoreChange {
    /// Whether the list of managers that agents keep may differ after the change of a node.
    fileprivate var concernsManagers: Bool {
        switch self {
        case .create(.node(let node)), .remove(.node(let node)): node.hasManagerStatus
        case .update(.node(let node), old: .node(let old)):
            node.hasManagerStatus != old.hasManagerStatus || node.managerStatus.addr != old.managerStatus.addr
        default: false
        }
    }
}
