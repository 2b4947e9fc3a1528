/// A view of the first level; the number is its key, for ever.
enum Tab: Int, Sendable, CaseIterable {
    case nodes = 1
    case services, tasks, raft, events, logs, secrets, networks, certificates
}

/// What a page lists.
enum Place: Sendable, Equatable {
    case nodes, services, raft, events, logs, secrets, networks, certificates
    case tasks(Scope)
    /// One object in full.
    case object(ObjectKey)

    /// Whose tasks.
    enum Scope: Sendable, Equatable {
        case all
        case service(String)
        case node(String)
        /// Those that followed each other in one slot.
        case slot(Slot)
    }

    var tab: Tab {
        switch self {
        case .nodes: .nodes
        case .services: .services
        case .tasks: .tasks
        case .raft: .raft
        case .events: .events
        case .logs: .logs
        case .secrets: .secrets
        case .networks: .networks
        case .certificates: .certificates
        case .object(let key): key.kind.tab
        }
    }

    /// It is read line by line; there are no rows to select.
    var isText: Bool {
        switch self {
        case .object, .logs: true
        case .nodes, .services, .raft, .events, .secrets, .networks, .certificates, .tasks: false
        }
    }

    /// The rows may be marked for a change of several.
    var isMarkable: Bool { self == .services || self.listsNodes }

    /// The rows are nodes, which may be marked for a change of several.
    var listsNodes: Bool {
        switch self {
        case .nodes, .raft, .certificates: true
        case .services, .tasks, .events, .logs, .secrets, .networks, .object: false
        }
    }
}

/// A place for one task after another: of a service's number, or of a global service's node.
struct Slot: Sendable, Hashable {
    var serviceID: String
    /// 0 where `nodeID` tells.
    var number: UInt64
    var nodeID: String

    init(_ task: TaskRow) {
        self.serviceID = task.serviceID
        self.number = task.slot
        self.nodeID = task.slot > 0 ? "" : task.nodeID
    }
}

extension ObjectKey.Kind {
    /// Where such objects are listed.
    var tab: Tab {
        switch self {
        case .node: .nodes
        case .service: .services
        case .task: .tasks
        case .network: .networks
        case .secret, .config: .secrets
        }
    }
}

/// The selected object: it is followed by identifier, and keeps its line on the screen.
struct Cursor: Sendable, Equatable {
    var id: String?
    /// Where it was last, for when the object is gone.
    var index = 0
    /// The line of the body that it is on.
    var line = 0
}

/// A page of the stack that Enter and Esc walk.
struct Page: Sendable, Equatable {
    var place: Place
    var cursor = Cursor()
    var filter = Filter()
    /// Only tasks in this state.
    var stage: Stage?
    /// Only events of this level or worse.
    var level: ClusterEvent.Level?
    /// The nodes or services that a change means, in place of the selected one.
    var marks: Set<String> = []
    /// The row that was marked last, where a range begins.
    var anchor: String?

    /// The object that is shown in full.
    var inspection: Inspection?
    /// Where a text is being read.
    var pane = TextPane()

    init(_ place: Place) { self.place = place }
}
