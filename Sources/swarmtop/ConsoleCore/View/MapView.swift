import Primitives

/// The life of a task as a picture with counts: where tasks are, and who has to act for them to go on.
enum MapView {
    /// What the picture shows.
    struct Facts {
        var tally: Tally
        /// When the task longest in a live state entered it.
        var oldest: [Stage: Timestamp] = [:]
        var chosen: Stage?
        var title: String
    }

    static func draw(_ painting: inout Painting, _ layout: Layout) {
        guard !layout.map.isEmpty, case .tasks = painting.model.page.place else { return }
        let facts = Self.facts(painting.model)
        switch Layout.mapMode(painting.model) {
        case .full: FullMap.draw(&painting, row: layout.map.lowerBound, facts)
        case .compact: Self.drawCompact(&painting, row: layout.map.lowerBound, facts)
        case .line: painting.canvas.put(Self.line(facts.tally), layout.map.lowerBound, 1)
        case .off: return
        }
    }

    private static func facts(_ model: Model) -> Facts {
        let cluster = model.cluster
        var facts: Facts
        switch model.page.place {
        case .tasks(.service(let id)):
            let name = cluster.services[id]?.name ?? id
            facts = Facts(
                tally: cluster.byService[id] ?? Tally(),
                title: model.strings.lifeCycle(service: name)
            )
        case .tasks(.node(let id)):
            facts = Facts(
                tally: cluster.byNode[id] ?? Tally(),
                title: model.strings.lifeCycle(node: cluster.nodeName(id))
            )
        default: facts = Facts(tally: cluster.total, title: model.strings.lifeCycle)
        }
        facts.chosen = model.page.stage
        // Unfinished tasks are the first of this order: nothing else is looked at.
        for key in cluster.attentionOrder.keys {
            guard key.rank == 0 else { break }
            guard let task = cluster.tasks[key.id], task.gone == nil, Self.belongs(task, model.page.place)
            else { continue }
            facts.oldest[task.stage] = min(facts.oldest[task.stage] ?? task.since, task.since)
        }
        return facts
    }

    private static func belongs(_ task: TaskRow, _ place: Place) -> Bool {
        switch place {
        case .tasks(.service(let id)): task.serviceID == id
        case .tasks(.node(let id)): task.nodeID == id
        default: true
        }
    }

    /// The count of a state, with a mark when it needs attention.
    static func count(_ stage: Stage, _ facts: Facts, _ painting: Painting) -> Field {
        let count = facts.tally[stage]
        var urgent = stage.isBad && count > 0
        if let patience = stage.patience, count > 0, let oldest = facts.oldest[stage] {
            urgent = painting.now - oldest > .seconds(patience)
        }
        let role: Style.Role = urgent ? .bad : count > 0 ? stage.role : .muted
        return Field("\(count)\(urgent ? "!" : "")", role)
    }

    /// The name of a state, in brackets when it is the list's filter.
    private static func name(_ stage: Stage, _ facts: Facts) -> Field {
        facts.chosen == stage ? Field("[\(stage.short)]", .key) : Field(stage.short, .heading)
    }

    private static let live: [Stage] = [
        .new, .pending, .assigned, .accepted, .preparing, .ready, .starting, .running,
    ]
    private static let ends: [Stage] = [.complete, .shutdown, .failed, .rejected, .orphaned]

    private static func drawCompact(_ painting: inout Painting, row: Int, _ facts: Facts) {
        let lines = painting.lines
        let span = String(repeating: lines.horizontal, count: 24)
        painting.canvas.put(painting.strings.actors(span: span), row, 1, .muted)
        for (index, stage) in Self.live.enumerated() {
            let column = 1 + index * 7
            let name = Self.name(stage, facts)
            let end = painting.canvas.put(name.text, row + 1, column, name.role)
            if index + 1 < Self.live.count, end + 1 < column + 7 {
                let dashes = String(repeating: lines.horizontal, count: column + 5 - end)
                painting.canvas.put(dashes + lines.arrow, row + 1, end, .border)
            }
            let count = Self.count(stage, facts, painting)
            painting.canvas.put(count.text, row + 2, column, count.role)
            if let oldest = facts.oldest[stage] {
                painting.canvas.put(painting.age(since: oldest), row + 3, column, .muted)
            }
        }
        Self.drawEnds(&painting, row: row + 1, facts)
        let wants = [Stage.running, .ready, .shutdown, .remove, .complete]
            .map { "\($0.name) \(facts.tally.wanting($0))" }.joined(separator: "  ")
        painting.canvas.put(painting.strings.want(wants), row + 4, 1, .normal, width: 58)
    }

    private static func drawEnds(_ painting: inout Painting, row: Int, _ facts: Facts) {
        let lines = painting.lines
        for (index, stage) in Self.ends.enumerated() {
            let joint =
                index == 0 ? lines.teeDown : index + 1 == Self.ends.count ? lines.bottomLeft : lines.teeRight
            painting.canvas.put(joint + lines.horizontal + lines.arrow, row + index, 60, .border)
            let name = Self.name(stage, facts)
            let end = painting.canvas.put(name.text, row + index, 64, name.role)
            let count = Self.count(stage, facts, painting)
            painting.canvas.put(count.text, row + index, max(70, end + 1), count.role)
        }
        painting.canvas.put(String(repeating: lines.horizontal, count: 5), row, 55, .border)
    }

    /// The state whose box is drawn at a place of the screen.
    static func stage(at column: Int, _ row: Int, _ model: Model) -> Stage? {
        let line = row - Layout(model).map.lowerBound
        switch Layout.mapMode(model) {
        case .full: return FullMap.stage(at: column, line)
        case .compact:
            if column >= 64 { return Self.ends.indices.contains(line - 1) ? Self.ends[line - 1] : nil }
            let index = (column - 1) / 7
            let isBox = column >= 1 && (1...3).contains(line) && Self.live.indices.contains(index)
            return isBox && (column - 1) % 7 < 5 ? Self.live[index] : nil
        case .line, .off: return nil
        }
    }

    /// All counts in one line, `N0 P2! A1 a0 p3 r0 s2 R318 | C1 S31 F4! X0 O1!`.
    static func line(_ tally: Tally) -> String {
        func part(_ stage: Stage) -> String {
            let urgent = tally[stage] > 0 && (stage.isBad || stage == .pending)
            return "\(stage.letter)\(tally[stage])\(urgent ? "!" : "")"
        }
        return Self.live.map(part).joined(separator: " ") + " | " + Self.ends.map(part).joined(separator: " ")
    }
}

/// The picture with a box for each state; 120 columns and 12 rows.
enum FullMap {
    private static let boxes: [(stage: Stage, column: Int, width: Int)] = [
        (.new, 3, 7), (.pending, 13, 11), (.assigned, 27, 12), (.accepted, 42, 12), (.preparing, 57, 13),
        (.ready, 73, 9), (.starting, 85, 12), (.running, 100, 11),
    ]
    private static let ends: [(stage: Stage, column: Int, width: Int)] = [
        (.complete, 3, 15), (.shutdown, 17, 15), (.failed, 31, 13), (.rejected, 43, 15), (.orphaned, 57, 15),
    ]

    /// The state whose box is drawn in `line` of the picture.
    static func stage(at column: Int, _ line: Int) -> Stage? {
        let row = (2..<6).contains(line) ? Self.boxes : (8..<11).contains(line) ? Self.ends : []
        return row.first { ($0.column..<($0.column + $0.width)).contains(column) }?.stage
    }

    static func draw(_ painting: inout Painting, row: Int, _ facts: MapView.Facts) {
        let strings = painting.strings
        painting.canvas.box(row, 0, width: 120, height: 12)
        painting.canvas.put(" \(facts.title) ", row, 3, .title, width: 60)
        painting.canvas.put(" \(strings.chooseState) ", row, 84, .muted)
        painting.canvas.put(strings.orchestrator, row + 1, 3, .muted)
        painting.canvas.put(strings.allocator, row + 1, 17, .muted)
        painting.canvas.put(strings.scheduler, row + 1, 29, .muted)
        let span = String(repeating: painting.lines.horizontal, count: 31)
        painting.canvas.put("\(span) \(strings.agent) \(span)", row + 1, 42, .muted)
        for (index, box) in Self.boxes.enumerated() {
            Self.drawBox(&painting, row: row + 2, box.stage, box.column, box.width, facts)
            let end = box.column + box.width
            guard index + 1 < Self.boxes.count else { break }
            let gap = Self.boxes[index + 1].column - end
            let dashes = String(repeating: painting.lines.horizontal, count: gap - 1)
            painting.canvas.put(dashes + painting.lines.arrow, row + 3, end, .border)
        }
        Self.drawBus(&painting, row: row + 7)
        for end in Self.ends {
            Self.drawEnd(&painting, row: row + 8, end.stage, end.column, end.width, facts)
        }
        Self.drawDesired(&painting, row: row + 8, facts)
    }

    private static func drawBox(
        _ painting: inout Painting,
        row: Int,
        _ stage: Stage,
        _ column: Int,
        _ width: Int,
        _ facts: MapView.Facts
    ) {
        painting.canvas.box(row, column, width: width, height: 4)
        let chosen = facts.chosen == stage
        let name = chosen ? "[\(stage.name)]" : " \(stage.name) "
        painting.canvas.put(name, row + 1, column + 1, chosen ? .key : .heading, width: width - 2)
        let count = MapView.count(stage, facts, painting)
        painting.canvas.put(count.text, row + 2, column + (width - count.text.count) / 2, count.role)
        guard stage != .running else { return }
        let age = facts.oldest[stage].map { painting.age(since: $0) } ?? "-"
        painting.canvas.put(painting.strings.longest(age), row + 4, column + 1, .muted)
    }

    /// The end states can be entered from every state of the agent: one line below them all.
    private static func drawBus(_ painting: inout Painting, row: Int) {
        let lines = painting.lines
        let bar = String(repeating: lines.horizontal, count: 68)
        painting.canvas.put(bar, row, 42, .border)
        painting.canvas.put(lines.teeDown, row, 74, .border)
        painting.canvas.put(lines.vertical, row + 1, 74, .border)
        painting.canvas.put(lines.arrowLeft + lines.horizontal + lines.bottomRight, row + 2, 72, .border)
    }

    private static func drawEnd(
        _ painting: inout Painting,
        row: Int,
        _ stage: Stage,
        _ column: Int,
        _ width: Int,
        _ facts: MapView.Facts
    ) {
        painting.canvas.box(row, column, width: width, height: 3)
        let chosen = facts.chosen == stage
        let name = chosen ? "[\(stage.name)]" : stage.name
        let end = painting.canvas.put(name, row + 1, column + (chosen ? 1 : 2), chosen ? .key : .heading)
        let count = MapView.count(stage, facts, painting)
        painting.canvas.put(
            count.text,
            row + 1,
            end + (chosen ? 0 : 1),
            count.role,
            width: column + width - 1 - end
        )
    }

    private static func drawDesired(_ painting: inout Painting, row: Int, _ facts: MapView.Facts) {
        painting.canvas.put(painting.strings.desired, row, 80, .heading)
        for (index, stage) in [Stage.running, .ready, .shutdown, .remove, .complete].enumerated() {
            let column = index % 2 == 0 ? 90 : 106
            painting.canvas.put(
                "\(stage.name) \(facts.tally.wanting(stage))",
                row + index / 2,
                column,
                .normal,
                width: 119 - column
            )
        }
    }
}
