import Primitives
import SwarmAPI

/// Rows 0 and 1: how the cluster is, and how fresh that is.
enum HeaderView {
    static func draw(_ painting: inout Painting) {
        let model = painting.model
        let health = Health(model.cluster)
        let wide = painting.canvas.size.columns >= 100
        let gap = wide ? 3 : 2
        let end = Self.drawLink(&painting)
        var column = 1
        func put(_ text: String, _ role: Style.Role = .normal) {
            guard column < end - 1 else { return }
            column = painting.canvas.put(text, 0, column, role, width: end - 1 - column) + gap
        }
        put(model.cluster.name.isEmpty ? "swarm" : model.cluster.name, .title)
        let outside = model.strings.standing(model.standing)
        put(outside ?? model.strings.level(health.level), outside == nil ? health.level.role : .bad)
        if model.hasData, health.managers > 0, outside == nil {
            if health.spare < 0 {
                put(model.strings.noQuorum(health.reachable, of: health.managers), .bad)
            } else {
                put(model.strings.quorum(health.reachable, of: health.managers, spare: health.spare))
            }
        }
        if health.known, outside == nil {
            put(
                model.strings.leader(health.leader ?? model.strings.none),
                health.leader == nil ? .bad : .normal
            )
            put(model.strings.term(model.cluster.status?.raft.term ?? 0))
        }
        if wide { put(model.strings.via("unix:\(model.socket)\(Self.answering(model))"), .muted) }
        Self.drawCounts(&painting, health, wide: wide)
    }

    /// The state of the connection at the far right; returns where it starts.
    private static func drawLink(_ painting: inout Painting) -> Int {
        let columns = painting.canvas.size.columns
        let strings = painting.strings
        switch painting.model.link {
        case .connecting: return painting.canvas.putRight(strings.connecting, 0, end: columns, .waiting)
        case .live:
            if let frozen = painting.model.frozen {
                return painting.canvas.putRight(
                    strings.frozen(since: Ages.clock(frozen.since)),
                    0,
                    end: columns,
                    .waiting
                )
            }
            let model = painting.model
            let word =
                model.isReplay
                ? strings.replay
                : model.readOnly
                    ? strings.liveReadOnly : model.isLocked ? strings.liveLocked : strings.live
            return painting.canvas.putRight(word, 0, end: columns, .good)
        case .stale(let since, _):
            let (age, until) = Ages.text(since: since, now: painting.model.now)
            painting.changes(at: until)
            let spaced = "\(age.dropLast()) \(age.suffix(1))"
            return painting.canvas.putRight(strings.stale(for: spaced), 0, end: columns, .bad)
        }
    }

    private static func answering(_ model: Model) -> String {
        guard let status = model.cluster.status, !status.hostname.isEmpty else { return "" }
        return " (\(status.hostname))"
    }

    private static func drawCounts(_ painting: inout Painting, _ health: Health, wide: Bool) {
        guard painting.model.hasData else { return }
        let strings = painting.strings
        var column = 1
        func put(_ text: String, _ role: Style.Role = .normal) {
            column = painting.canvas.put(text, 1, column, role) + 3
        }
        func ratio(_ label: String, _ part: Int, _ whole: Int) {
            let short = part < whole
            put("\(label) \(part)/\(whole)\(short ? "!" : "")", short ? .waiting : .normal)
        }
        ratio(strings.nodes, health.ready, health.nodes)
        ratio(wide ? strings.services : strings.servicesShort, health.complete, health.services)
        put(
            strings.tasks(health.running, of: health.wanted),
            health.running < health.wanted ? .waiting : .normal
        )
        if let raft = painting.model.cluster.status?.raft {
            let lag = raft.commitIndex >= raft.appliedIndex ? raft.commitIndex - raft.appliedIndex : 0
            put(
                wide
                    ? "\(strings.commit(raft.commitIndex))  \(strings.applied(raft.appliedIndex))"
                    : strings.commit(raft.commitIndex)
            )
            column -= wide ? 1 : 2
            put(strings.lag(painting.model.isStale ? "?" : "\(lag)"), lag > 100 ? .waiting : .normal)
        }
        if let (name, expiry) = Self.firstExpiry(painting.model, at: painting.now) {
            painting.hold(until: expiry)
            let whose = wide && expiry.level > .fine ? " \(name)" : ""
            put(
                "\(wide ? strings.certificatesFirst : strings.certificate) \(expiry.marked)\(whose)",
                expiry.role
            )
        }
    }

    /// The certificate that ends first, and whose it is.
    private static func firstExpiry(_ model: Model, at now: Timestamp) -> (String, Expiry)? {
        let known = model.cluster.nodeOrder.keys.compactMap { key -> (id: String, ends: Timestamp)? in
            guard model.cluster.nodes[key.id]?.gone == nil else { return nil }
            return model.cluster.trust?.certificates[key.id]?.ends.map { (key.id, $0) }
        }
        guard let first = known.min(by: { $0.ends < $1.ends }),
            let expiry = model.cluster.trust?.certificates[first.id]?.expiry(at: now)
        else { return nil }
        return (model.cluster.nodeName(first.id), expiry)
    }
}

/// Row 2: the tabs, or the way down to here, with the filter.
enum TabsView {
    static func draw(_ painting: inout Painting, row: Int) {
        let model = painting.model
        let end = Self.drawCount(&painting, row: row)
        var column = 1
        if model.pages.count > 1 {
            column = painting.canvas.put(Self.crumbs(model), row, column, .title, width: end - 2)
        } else {
            let gap = Self.gap(model)
            for (tab, text) in Self.titles(model) {
                let role: Style.Role = tab == model.page.place.tab ? .title : .normal
                column = painting.canvas.put(text, row, column, role) + gap
            }
        }
        Self.drawFilter(&painting, row: row, column: column + 2, end: end)
    }

    private static func gap(_ model: Model) -> Int { model.size.columns >= 100 ? 2 : 1 }

    /// The tabs that are shown, as they are written.
    private static func titles(_ model: Model) -> [(Tab, String)] {
        let isWide = Self.gap(model) == 2
        // A narrow row has no room for what is looked for beside every tab.
        let isBusy = !isWide && Self.isFiltered(model)
        return Tab.allCases.filter { !isBusy || $0 == model.page.place.tab }.map { tab in
            let title = "\(tab.rawValue)\(isWide ? " " : "")\(model.strings.tab(tab))"
            return (tab, tab == model.page.place.tab ? "[\(title)]" : title)
        }
    }

    /// The tab that is written in `column`; of the way down to here all of it leads back up to the tab.
    static func tab(at column: Int, _ model: Model) -> Tab? {
        var start = 1
        guard model.pages.count == 1 else {
            let isOnWay = (start..<(start + DisplayWidth.of(Self.crumbs(model)))).contains(column)
            return isOnWay ? model.pages[0].place.tab : nil
        }
        for (tab, text) in Self.titles(model) {
            let end = start + DisplayWidth.of(text)
            if (start..<end).contains(column) { return tab }
            start = end + Self.gap(model)
        }
        return nil
    }

    /// Something is said after the tabs.
    private static func isFiltered(_ model: Model) -> Bool {
        model.mode == .filtering || !model.page.filter.text.isEmpty || model.page.stage != nil
            || model.page.level != nil || model.page.place == .logs
    }

    private static func drawCount(_ painting: inout Painting, row: Int) -> Int {
        guard painting.model.hasData else { return painting.canvas.size.columns }
        if painting.model.page.place.isText {
            let text = TextView.position(painting.model, Layout(painting.model))
            return painting.canvas.putRight(text, row, end: painting.canvas.size.columns)
        }
        let text = painting.strings.count(painting.model.rows.count, of: painting.model.rowTotal)
        return painting.canvas.putRight(text, row, end: painting.canvas.size.columns)
    }

    private static func crumbs(_ model: Model) -> String {
        let strings = model.strings
        let (nodes, services, tasks) = (strings.tab(.nodes), strings.tab(.services), strings.tab(.tasks))
        switch model.page.place {
        case .logs:
            return
                "\(strings.tab(model.pages[0].place.tab)) > \(model.logs?.name ?? "-") > \(strings.logsCrumb)"
        case .object(let key): return Self.objectCrumbs(key, model)
        case .tasks(.slot(let slot)): return Self.slotCrumbs(slot, model)
        case .tasks(.service(let id)):
            return "\(services) > \(model.cluster.services[id]?.name ?? id) > \(tasks)"
        case .tasks(.node(let id)): return "\(nodes) > \(model.cluster.nodeName(id)) > \(tasks)"
        case .nodes, .services, .raft, .events, .secrets, .networks, .certificates, .tasks(.all):
            return strings.tab(model.page.place.tab)
        }
    }

    private static func slotCrumbs(_ slot: Slot, _ model: Model) -> String {
        let cluster = model.cluster
        let service = cluster.services[slot.serviceID]?.name ?? slot.serviceID
        let number = slot.number > 0 ? "\(slot.number)" : cluster.nodeName(slot.nodeID)
        return "\(model.strings.tab(.services)) > \(service) > \(model.strings.slot(number))"
    }

    private static func objectCrumbs(_ key: ObjectKey, _ model: Model) -> String {
        let cluster = model.cluster
        let name: String? =
            switch key.kind {
            case .node: cluster.nodes[key.id]?.name
            case .service: cluster.services[key.id]?.name
            case .task: cluster.tasks[key.id].map { cluster.taskName($0) }
            case .network, .secret, .config: cluster.assets.rows[key.id]?.name
            }
        let form = model.page.inspection?.form ?? .describe
        let version = model.page.inspection?.version ?? 0
        return [
            model.strings.tab(key.kind.tab), name ?? String(key.id.prefix(12)), model.strings.form(form),
        ].joined(separator: " > ") + (version > 0 ? "  \(model.strings.version(version))" : "")
    }

    private static func drawFilter(_ painting: inout Painting, row: Int, column: Int, end: Int) {
        var column = column
        let page = painting.model.page
        if page.place == .logs {
            let isFine = page.pane.follows && painting.model.logs?.state == .following
            let state = painting.model.logState
            let room = max(0, end - 1 - column)
            column = painting.canvas.put(state, row, column, isFine ? .good : .waiting, width: room) + 2
        }
        let filter = page.place.isText ? page.pane.query : page.filter.text
        var parts: [String] = []
        if painting.model.mode == .filtering || !filter.isEmpty { parts.append("/\(filter)") }
        if painting.model.listed?.isFuzzy == true, !page.place.isText { parts.append(painting.strings.near) }
        if let fault = page.filter.fault, !page.place.isText {
            parts.append(painting.strings.filtersNothing(painting.strings.fault(fault)))
        }
        if let level = page.level { parts.append(painting.strings.orWorse(painting.strings.level(level))) }
        if let stage = page.stage { parts.append("[\(stage.name)]") }
        guard !parts.isEmpty else { return }
        let after = painting.canvas.put(
            parts.joined(separator: " "),
            row,
            column,
            .waiting,
            width: max(0, end - 1 - column)
        )
        if painting.model.mode == .filtering {
            painting.typing = true
            painting.cursor = (row, min(column + DisplayWidth.of("/\(filter)"), after))
        }
    }
}
