import Primitives

/// Draws the console: a function of the model alone.
package func view(_ model: Model, _ size: Size, _ capabilities: Capabilities) -> Frame {
    var model = model
    if size != model.size { model.resize(to: size) }
    var painting = Painting(model, capabilities)
    painting.draw()
    return painting.frame
}

/// One frame in the making: the canvas, and until when it holds.
struct Painting {
    let model: Model
    let lines: LineDrawing
    var canvas: Canvas
    var cursor = (row: 0, column: 0)
    var typing = false
    private(set) var validUntil: Timestamp?

    init(_ model: Model, _ capabilities: Capabilities) {
        self.init(model, capabilities, of: model.size)
    }

    /// A screen of another size, whose words are read and not shown.
    init(_ model: Model, _ capabilities: Capabilities, of size: Size) {
        var model = model
        // Only UTF-8 has the characters of other languages.
        if !capabilities.utf8 { model.language = .english }
        self.model = model
        self.lines = LineDrawing(capabilities)
        self.canvas = Canvas(size: size, capabilities: capabilities)
    }

    var frame: Frame {
        Frame(
            size: self.canvas.size,
            cells: self.canvas.cells,
            cursorRow: min(max(0, self.cursor.row), self.canvas.size.rows - 1),
            cursorColumn: min(max(0, self.cursor.column), self.canvas.size.columns - 1),
            typing: self.typing,
            theme: self.model.theme,
            validUntil: self.validUntil
        )
    }

    mutating func draw() {
        let size = self.canvas.size
        guard size.columns >= Layout.smallest.columns, size.rows >= Layout.smallest.rows else {
            return self.drawTiny()
        }
        self.noteTimers()
        if case .help(let top) = self.model.mode {
            HelpView.draw(&self, top: top)
            return
        }
        if case .jobs(let top) = self.model.mode {
            JobsView.drawList(&self, top: top)
            return
        }
        let layout = Layout(self.model)
        HeaderView.draw(&self)
        if let row = layout.tabs { TabsView.draw(&self, row: row) }
        MapView.draw(&self, layout)
        switch self.model.page.place {
        case .nodes: NodesView.draw(&self, layout)
        case .services: ServicesView.draw(&self, layout)
        case .tasks(.slot): HistoryView.draw(&self, layout)
        case .tasks: TasksView.draw(&self, layout)
        case .raft: RaftView.draw(&self, layout)
        case .certificates: CertificatesView.draw(&self, layout)
        case .events: EventsView.draw(&self, layout)
        case .secrets, .networks: AssetsView.draw(&self, layout)
        case .object, .logs: TextView.draw(&self, layout)
        }
        if self.model.isStale { self.canvas.fade(layout.text.lowerBound..<layout.message) }
        FooterView.draw(&self, layout)
        if case .menu(let chosen) = self.model.mode { MenuView.draw(&self, chosen: chosen) }
        if case .picking(let picker) = self.model.mode { PickerView.draw(&self, picker) }
        if case .copying(let chosen) = self.model.mode { CopyView.draw(&self, chosen: chosen) }
        DialogView.draw(&self)
    }

    /// The frame looks different from `moment` on.
    mutating func changes(at moment: Timestamp) {
        if let until = self.validUntil, until <= moment { return }
        self.validUntil = moment
    }

    /// How long ago something was; the frame holds until the words change.
    mutating func age(since: Timestamp) -> String {
        let (text, until) = Ages.text(since: since, now: self.now)
        if self.model.isMoving { self.changes(at: until) }
        return text
    }

    /// The frame holds until an expiry's words change.
    mutating func hold(until expiry: Expiry) {
        if self.model.isMoving, expiry.level != .expired { self.changes(at: expiry.until) }
    }

    /// The moment that ages are counted to: those of a lost connection stand still.
    var now: Timestamp {
        if let frozen = self.model.frozen { return frozen.since }
        if case .stale(let since, _) = self.model.link { return since }
        return self.model.now
    }

    private mutating func noteTimers() {
        if let flash = self.model.flash { self.changes(at: flash.until) }
        if let ghost = self.model.ghost { self.changes(at: ghost.until) }
    }

    /// A screen too small for lists: one line still says how the cluster is.
    private mutating func drawTiny() {
        let health = Health(self.model.cluster)
        let failed = self.model.cluster.total[.failed]
        let group =
            "\(self.strings.level(health.level)) \(health.reachable)/\(health.managers) "
            + "L=\(health.leader ?? self.strings.none)"
        var text = self.strings.standing(self.model.standing) ?? group
        text += " \(health.running)/\(health.wanted) F\(failed)"
        if self.model.isStale { text = "\(self.strings.staleTiny) \(text)" }
        if !self.model.hasData { text = self.strings.connecting }
        let smallest = Layout.smallest
        let needed = self.strings.needs(columns: smallest.columns, rows: smallest.rows)
        self.canvas.put("\(text) \(needed)", 0, 0, health.level.role)
    }
}
