package import Primitives
import SwarmAPI

/// How large the life-cycle picture is.
enum MapMode: Sendable, CaseIterable {
    case full, compact, line, off
}

/// The whole state of the console: a value, changed by `update` and drawn by `view`.
package struct Model: Sendable {
    /// The connection to the manager.
    enum Link: Sendable, Equatable {
        case connecting
        case live
        /// Gone since; what is shown is from then.
        case stale(since: Timestamp, reason: String)
    }

    /// What the bottom of the screen is being used for.
    enum Mode: Sendable, Equatable {
        case browsing
        case filtering
        case command(String)
        case help(top: Int)
        case jobs(top: Int)
        /// The verbs, one of them chosen.
        case menu(Int)
        /// The columns, to sort by or to show.
        case picking(Picker)
        /// What can be copied, one of it chosen.
        case copying(Int)
    }

    /// A message to the operator.
    struct Flash: Sendable, Equatable {
        var text: String
        var role: Style.Role
        var until: Timestamp
    }

    /// How long a deleted row stays under the cursor.
    static let ghostTime: Duration = .seconds(5)
    static let flashTime: Duration = .seconds(10)

    /// The cluster as it is, whatever is shown.
    var live = ClusterState()
    /// What is shown while the screen stands still.
    var frozen: Frozen?
    /// The operator has locked the console against changes.
    var isLocked = false
    var link: Link = .connecting
    var hasData = false
    package private(set) var size: Size
    var now: Timestamp
    var readOnly: Bool
    /// What is shown comes from a recording.
    package var isReplay = false
    /// Where the manager is, for the header.
    let socket: String
    /// What the console speaks.
    var language: Language { didSet { self.live.language = self.language } }
    var pages: [Page] = [Page(.services)]
    /// The other tabs as they were left.
    var left: [Tab: Page] = [:]
    var previous: Tab?
    var mode: Mode = .browsing
    var dialog: Dialog?
    var map: MapMode?
    var theme = Theme.standard
    /// What the keys mean.
    let keys: KeyMap
    /// What the operator chose for each kind of list.
    var layouts: [ListKind: ListLayout] = [:]
    /// The rows as they were last computed, and for what.
    var listed: (rows: [String], isFuzzy: Bool, key: RowsKey)?
    /// What the open question would do.
    var preview: Preview?
    var lastPreview = 0
    /// The manager is of a version that computes none.
    var hasNoPreviews = false
    var flash: Flash?
    var ghost: (id: String, until: Timestamp)?
    /// The object that is being edited, and the request that it began with.
    var editing: (request: Int, object: SwarmObject?)?
    /// The commands that were given, the oldest first, and which of them is being looked at.
    var commands: [String] = []
    var recalled: Int?
    /// What is being followed.
    var logs: LogBook?
    /// The last change, while it can be taken back.
    var undo: Undo?
    var lastRequest = 0
    /// Requests on their way that only fetch secrets for a dialog.
    var fetches: Set<Int> = []
    var interrupted: Timestamp?

    /// A console that knows nothing yet.
    package init(
        size: Size,
        readOnly: Bool,
        socket: String,
        now: Timestamp,
        settings: Settings = Settings()
    ) {
        (self.theme, self.keys, self.language) = (
            settings.theme, settings.keys, settings.language ?? .english
        )
        self.live.language = self.language
        self.size = size
        self.readOnly = readOnly
        self.socket = socket
        self.now = now
    }

    /// The cluster as it is shown.
    var cluster: ClusterState { self.frozen?.cluster ?? self.live }

    mutating func resize(to size: Size) { self.size = size }

    var page: Page {
        get { self.pages[self.pages.count - 1] }
        set { self.pages[self.pages.count - 1] = newValue }
    }

    /// The cluster is shown as it is, not as it was or not yet at all.
    package var isLive: Bool {
        if case .live = self.link { return true }
        return false
    }

    var isStale: Bool {
        if case .stale = self.link { return true }
        return false
    }

    /// Why the cluster cannot be changed just now; nil when it can.
    var obstacle: String? {
        if self.isReplay { return self.strings.isRecording }
        if self.readOnly { return self.strings.isReadOnly }
        if self.isLocked { return self.strings.isLocked }
        if self.frozen != nil { return self.strings.isFrozen }
        switch self.link {
        case .connecting: return self.strings.notConnectedYet
        case .stale: return self.strings.notConnected
        case .live: break
        }
        if let status = self.cluster.status, status.raft.leaderID.isEmpty { return self.strings.noLeader }
        return nil
    }

    mutating func say(_ text: String, _ role: Style.Role = .waiting) {
        self.flash = Flash(text: text, role: role, until: self.now + Self.flashTime)
    }
}
