import SwarmAPI

/// A whole object on the screen, kept up to date by the changes that arrive.
struct Inspection: Sendable, Equatable {
    /// How it is written.
    enum Form: String, Sendable, CaseIterable { case describe, yaml, json }

    let key: ObjectKey
    var form: Form
    private(set) var object: SwarmObject?
    private(set) var tree: Tree?
    private(set) var version: UInt64 = 0
    /// The request on its way that fetches it.
    var request: Int?
    var failure: String?
    /// It was removed; what is shown is its last state.
    var isGone = false

    init(_ key: ObjectKey, _ form: Form) {
        self.key = key
        self.form = form
    }

    /// Takes the object, unless a newer one is here already.
    mutating func take(_ object: SwarmObject) {
        guard let (key, version) = object.identity, key == self.key, version >= self.version else { return }
        var object = object.withoutPayload
        // The watch sends the stored node, which has no manager status: only a request gives it.
        if case .node(var node) = object.object, !node.hasManagerStatus,
            case .node(let old)? = self.object?.object,
            old.hasManagerStatus, node.role == .manager
        {
            node.managerStatus = old.managerStatus
            object.node = node
        }
        self.object = object
        self.version = version
        self.failure = nil
        self.tree = Tree(object)
    }

    /// `y`: YAML first, then JSON and back.
    mutating func cycleForm() { self.form = self.form == .yaml ? .json : .yaml }

    /// The object's text in its form.
    func lines(_ model: Model) -> [TextLine] {
        if let failure { return [TextLine(model.strings.cannotBeShown(failure), .bad)] }
        guard let tree else { return [TextLine(model.strings.asking, .muted)] }
        var lines: [TextLine] = []
        if self.isGone { lines.append(TextLine(model.strings.removedState, .bad)) }
        switch self.form {
        case .describe: lines += Describe.head(self, model) + Describe.fields(tree)
        case .yaml: lines += tree.yaml
        case .json: lines += tree.json
        }
        return lines
    }
}

extension SwarmObject {
    /// The object without what a secret holds, whoever sent it.
    fileprivate var withoutPayload: SwarmObject {
        guard case .secret(var secret) = self.object else { return self }
        secret.spec.data.removeAll()
        var object = self
        object.secret = secret
        return object
    }
}

/// Looking at a whole object.
extension Model {
    /// What `d`, `y` and `e` mean here.
    var objectAtHand: ObjectKey? {
        switch self.page.place {
        case .object(let key): return key
        case .nodes, .raft, .certificates: return self.selected.map { ObjectKey(.node, $0) }
        case .services: return self.selected.map { ObjectKey(.service, $0) }
        case .tasks: return self.selected.map { ObjectKey(.task, $0) }
        case .secrets, .networks:
            return self.selected.flatMap { self.cluster.assets.rows[$0]?.key } ?? self.portsService
        case .logs: return nil
        case .events:
            let event = self.selected.flatMap { self.cluster.history[$0] }
            return event.flatMap { event in
                ObjectKey.Kind(rawValue: event.kind).map { ObjectKey($0, event.objectID) }
            }
        }
    }

    /// The service that publishes the selected port.
    private var portsService: ObjectKey? {
        self.cluster.ports.first { $0.id == self.selected }.map { ObjectKey(.service, $0.serviceID) }
    }

    /// `d` and `y`: opens the selected object, or gives the open one another form.
    mutating func inspect(_ form: Inspection.Form) -> [Effect] {
        if self.page.inspection != nil {
            if form == .describe {
                self.page.inspection?.form = .describe
            } else {
                self.page.inspection?.cycleForm()
            }
            let query = self.page.pane.query
            self.page.pane = TextPane(query: query)
            return []
        }
        guard let key = self.objectAtHand else {
            self.say(form == .describe ? self.strings.selectForDescribe : self.strings.selectForYAML)
            return []
        }
        self.move(by: 0)
        var page = Page(.object(key))
        page.inspection = Inspection(key, form)
        self.pages.append(page)
        return self.fetchObject()
    }

    /// Asks for the object of the page at hand.
    mutating func fetchObject() -> [Effect] {
        guard let key = self.page.inspection?.key else { return [] }
        let request = self.lastRequest + 1
        self.lastRequest = request
        self.page.inspection?.request = request
        return [.inspect(request: request, object: key)]
    }

    /// Takes the answer to a wish to see an object; returns whether it was one.
    mutating func inspected(_ request: Int, _ outcome: RequestOutcome) -> Bool {
        guard let index = self.pages.firstIndex(where: { $0.inspection?.request == request }) else {
            // The page was left meanwhile.
            if case .object = outcome { return true }
            return false
        }
        self.pages[index].inspection?.request = nil
        if case .object(let object) = outcome { self.pages[index].inspection?.take(object) }
        if case .failed(let words) = outcome, self.pages[index].inspection?.object == nil {
            self.pages[index].inspection?.failure = words
        }
        return true
    }

    /// Hands a change to the pages that show the object.
    mutating func follow(inspected event: SwarmWatchEvent) {
        guard self.pages.contains(where: { $0.inspection != nil }), let key = event.object.identity?.key
        else { return }
        for index in self.pages.indices where self.pages[index].inspection?.key == key {
            if event.action == .watchActionRemove {
                self.pages[index].inspection?.isGone = true
            } else {
                self.pages[index].inspection?.take(event.object)
            }
        }
    }
}
