import Primitives
import SwarmAPI

/// How fast, and in which order, tasks move off a node that is being drained, by labels of the node.
///
/// `swarmd.drain.interval=2s` moves one task every two seconds; `swarmd.drain.order=start-first` starts the
/// new task before the old one is stopped. Without labels all tasks move at once, as SwarmKit has it.
struct DrainPacing: Sendable {
    static let intervalLabel = "swarmd.drain.interval"
    static let orderLabel = "swarmd.drain.order"

    /// What to do with a task on a drained node.
    enum Move: Equatable {
        case stopFirst
        case startFirst
        /// Not before the moment; nil where a commit will tell.
        case wait(Timestamp?)
    }

    /// When the next task may leave each node.
    private var next: [String: Timestamp] = [:]
    /// The services of which a task stays until its successor runs.
    private var followed: Set<String> = []

    /// Whether each step of the service's tasks has to be looked at.
    func isFollowing(_ serviceID: String) -> Bool { self.followed.contains(serviceID) }

    /// Begins a look at the service.
    mutating func begin(_ serviceID: String) { self.followed.remove(serviceID) }

    /// Whether tasks leave the node only after others run in their place.
    static func startsFirst(_ node: SwarmNode?) -> Bool {
        node?.spec.annotations.labels[Self.orderLabel] == "start-first"
    }

    /// Says how `task` leaves `node`; `isFollowed` where its successor is on its way already.
    mutating func move(_ task: SwarmTask, off node: SwarmNode?, isFollowed: Bool, now: Timestamp) -> Move {
        let labels = node?.spec.annotations.labels ?? [:]
        let isStartFirst = Self.startsFirst(node)
        if isStartFirst { self.followed.insert(task.serviceID) }
        if isStartFirst, isFollowed { return .wait(nil) }
        guard let interval = labels[Self.intervalLabel].flatMap(Duration.init(label:)), interval > .zero
        else {
            return isStartFirst ? .startFirst : .stopFirst
        }
        if let moment = self.next[task.nodeID], moment > now { return .wait(moment) }
        self.next[task.nodeID] = now + interval
        return isStartFirst ? .startFirst : .stopFirst
    }
}

extension Duration {
    /// Reads `500ms`, `90s`, `10m` or `2h`; nil for anything else.
    init?(label text: String) {
        let units: [(String, Duration)] = [
            ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3_600)),
        ]
        guard let (suffix, unit) = units.first(where: { text.hasSuffix($0.0) }),
            let count = UInt32(text.dropLast(suffix.utf8.count))
        else { return nil }
        self = unit * Int(count)
    }
}
