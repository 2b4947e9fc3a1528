/// The cluster's join tokens and the key of its locked managers.
///
/// They are fetched when they are asked for, are shown one at a time, and are forgotten with the dialog.
struct KeysQuestion: Sendable, Equatable {
    /// A secret that can be looked at.
    enum Secret: Sendable, Equatable {
        case worker, manager, unlock
    }

    /// What `y` would do.
    private(set) var change: ClusterChange?
    /// What is to be shown.
    private(set) var wanted: Secret?
    private(set) var keys: ClusterKeys?
    /// The unlock key has just been made: it must be noted down.
    private(set) var isFresh = false
    private(set) var autolock: Bool
    /// The request on its way that fetches the secrets.
    var fetching: Int?

    init(autolock: Bool) { self.autolock = autolock }

    var isReady: Bool { self.change != nil }

    /// The secret on the screen; nil while all are masked.
    var shown: Secret? { self.keys == nil ? nil : self.wanted }

    /// Takes a key; returns whether the secrets have to be fetched.
    mutating func take(_ key: Key) -> Bool {
        switch key {
        case .character("w"): return self.toggle(.worker)
        case .character("m"): return self.toggle(.manager)
        case .character("u") where self.autolock: return self.toggle(.unlock)
        case .character("W"): self.choose(.rotateWorkerToken)
        case .character("M"): self.choose(.rotateManagerToken)
        case .character("U") where self.autolock: self.choose(.rotateUnlockKey)
        case .character("a"): self.choose(.autolock(!self.autolock))
        default: break
        }
        return false
    }

    private mutating func toggle(_ secret: Secret) -> Bool {
        self.isFresh = false
        self.wanted = self.wanted == secret ? nil : secret
        return self.wanted != nil && self.keys == nil && self.fetching == nil
    }

    /// The same key again takes the choice back.
    private mutating func choose(_ change: ClusterChange) {
        self.change = self.change == change ? nil : change
    }

    /// Somebody else locked or unlocked the managers; a wish to do so is left for the operator to look at.
    mutating func saw(autolock isOn: Bool) {
        guard self.change == nil, self.autolock != isOn else { return }
        self.autolock = isOn
    }

    /// Takes the secrets that were fetched.
    mutating func take(_ keys: ClusterKeys) {
        self.fetching = nil
        self.keys = keys
    }

    /// The change was made and these are the secrets now: the new one is shown.
    mutating func changed(to keys: ClusterKeys) {
        switch self.change {
        case .rotateWorkerToken: self.wanted = .worker
        case .rotateManagerToken: self.wanted = .manager
        case .rotateUnlockKey, .autolock(true): (self.wanted, self.isFresh) = (.unlock, true)
        case .autolock(false), .rotateRoot, nil: self.wanted = nil
        }
        if case .autolock(let isOn)? = self.change { self.autolock = isOn }
        self.change = nil
        self.take(keys)
    }
}
