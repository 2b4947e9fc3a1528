import SwarmAPI

/// A question before a change: it holds the identifier and version of the object that it was opened on.
///
/// Cancel is the default, Enter and Esc cancel, only `y` accepts, or Ctrl-X where a name has to be typed first,
/// and nothing is heard before the question stands on the screen.
struct Dialog: Sendable, Equatable {
    enum Subject: Sendable, Equatable {
        case scale(ScaleQuestion)
        case availability(AvailabilityQuestion)
        case role(RoleQuestion)
        case rotation(RotationQuestion)
        case keys(KeysQuestion)
        case plain(PlainQuestion)
        case edit(EditQuestion)
    }

    enum Phase: Sendable, Equatable {
        case asking
        case sending(request: Int)
        /// Somebody changed the object since; it is asked again.
        case conflict(note: String)
        case failed(String)
    }

    let id: String
    let name: String
    var version: UInt64
    var subject: Subject
    /// The other objects that the answer changes too.
    var more: [Target] = []
    /// What would take back those of several changes that were made before one was not.
    var undone: [Undo.Change] = []
    /// It takes several changes back: there is nothing to choose.
    var isTakingBack = false
    var phase: Phase = .asking
    var isPainted = false
    var seen = Seen()

    init(scale service: ServiceRow, replicas: UInt64, to wanted: UInt64? = nil) {
        (self.id, self.name, self.version) = (service.id, service.name, service.version)
        self.subject = .scale(ScaleQuestion(current: replicas, wanted: wanted))
    }

    init(node: NodeRow, to wanted: SwarmNodeSpec.Availability? = nil) {
        (self.id, self.name, self.version) = (node.id, node.name, node.version)
        self.subject = .availability(AvailabilityQuestion(current: node.availability, wanted: wanted))
    }

    init(_ question: RoleQuestion) {
        (self.id, self.name, self.version) = (
            question.targets.first?.id ?? "", question.names(Strings(.english)), 0
        )
        self.subject = .role(question)
    }

    init(_ question: RotationQuestion, of cluster: SeenObject) {
        (self.id, self.name, self.version) = (cluster.id, question.confirmation.wanted, cluster.version)
        self.subject = .rotation(question)
    }

    init(_ question: KeysQuestion, of cluster: SeenObject) {
        (self.id, self.name, self.version) = (cluster.id, "", cluster.version)
        self.subject = .keys(question)
    }

    init(_ question: PlainQuestion, of service: ServiceRow) {
        (self.id, self.name, self.version) = (service.id, service.name, service.version)
        self.subject = .plain(question)
    }

    init(_ question: EditQuestion, _ name: String, version: UInt64) {
        (self.id, self.name, self.version) = (question.key.id, name, version)
        self.subject = .edit(question)
    }

    init(_ question: PlainQuestion, of node: NodeRow) {
        (self.id, self.name, self.version) = (node.id, node.name, node.version)
        self.subject = .plain(question)
    }

    init(_ target: Target, _ subject: Subject) {
        (self.id, self.name, self.version) = (target.id, target.name, target.version)
        self.subject = subject
    }

    /// What a key does to the dialog.
    enum Answer: Equatable {
        case stay, cancel, accept
        /// The secrets have to be fetched.
        case fetch
        /// The text has to be edited again.
        case edit
    }

    /// Takes a key; `.accept` means that the change should be asked of the manager.
    mutating func take(_ key: Key) -> Answer {
        switch key {
        case .escape, .enter, .control("c"): return .cancel
        case .control("x") where self.confirmation != nil: return self.isReady ? .accept : .stay
        case .character("n") where self.confirmation == nil, .character("q") where self.confirmation == nil:
            return .cancel
        case .character("y") where self.confirmation == nil: return self.isReady ? .accept : .stay
        default: break
        }
        if case .sending = self.phase { return .stay }
        return self.isTakingBack ? .stay : self.edit(key)
    }

    private mutating func edit(_ key: Key) -> Answer {
        var answer = Answer.stay
        switch self.subject {
        case .scale(var question):
            question.take(key)
            self.subject = .scale(question)
        case .availability(var question):
            question.take(key)
            self.subject = .availability(question)
        case .role(var question):
            question.take(key)
            self.subject = .role(question)
        case .rotation(var question):
            question.take(key)
            self.subject = .rotation(question)
        case .plain(var question):
            question.take(key)
            self.subject = .plain(question)
        case .keys(var question):
            if question.take(key) { answer = .fetch }
            self.subject = .keys(question)
        case .edit(var question):
            if question.take(key) { answer = .edit }
            self.subject = .edit(question)
        }
        return answer
    }

    /// The name that has to be typed here; nil where `y` accepts.
    var confirmation: TypedName? {
        switch self.subject {
        case .role(let question): question.confirmation
        case .rotation(let question): question.confirmation
        case .plain(let question): question.confirmation
        case .scale, .availability, .keys, .edit: nil
        }
    }

    /// Accepting would ask for a change, and may.
    var isReady: Bool {
        if case .sending = self.phase { return false }
        guard self.more.isEmpty else { return self.each.contains { $0.isReady } }
        return switch self.subject {
        case .scale(let question): question.replicas != nil
        case .availability(let question): question.isChange
        case .role(let question): question.isReady
        case .rotation(let question): question.isReady
        case .keys(let question): question.isReady
        case .plain(let question): question.isReady
        case .edit(let question): question.isReady
        }
    }

    /// What accepting asks for as `request`.
    func effect(_ request: Int) -> Effect? {
        guard self.isReady else { return nil }
        guard self.more.isEmpty else {
            return .several(request: request, self.each.compactMap { $0.effect(request) })
        }
        let seen = SeenObject(id: self.id, version: self.version)
        switch self.subject {
        case .scale(let question):
            return question.replicas.map {
                .scale(request: request, serviceID: self.id, version: self.version, replicas: $0)
            }
        case .availability(let question):
            return .setAvailability(
                request: request,
                nodeID: self.id,
                version: self.version,
                availability: question.wanted
            )
        case .role(let question):
            let nodes = question.targets.map { SeenObject(id: $0.id, version: $0.version) }
            return .setRole(request: request, nodes: nodes, role: question.kind.role)
        case .plain(let question): return question.effect(request, seen)
        case .edit(let question):
            return .replaceSpec(request: request, object: question.object, text: question.after)
        case .rotation: return .changeCluster(request: request, cluster: seen, change: .rotateRoot)
        case .keys(let question):
            return question.change.map { .changeCluster(request: request, cluster: seen, change: $0) }
        }
    }

    /// Takes note that the object is now at `version` and already is `now`.
    mutating func conflicted(version: UInt64, now: Wish, _ strings: Strings) {
        var note = strings.meanwhile(version: self.version, to: version)
        switch (self.subject, now) {
        case (.scale(var question), .replicas(let replicas)):
            note = strings.meanwhile(replicas: question.current, to: replicas)
            question.conflicted(replicas)
            self.subject = .scale(question)
        case (.availability(var question), .availability(let availability)):
            note = strings.meanwhile(availability: question.current.word, to: availability.word)
            question.current = availability
            self.subject = .availability(question)
        case (.role(var question), .role(let node, let role)):
            note = question.conflicted(node, version: version, isManager: role == .manager, strings)
            self.subject = .role(question)
        case (.edit(var question), _):
            // An edit of what is no longer there is never sent again.
            question.refusal = strings.beginAnew(version: self.version, to: version)
            self.subject = .edit(question)
            self.phase = .asking
            self.isPainted = false
            return
        default: break
        }
        self.phase = .conflict(note: note)
        self.version = version
        self.isPainted = false
    }
}
