import Primitives

/// How many nodes may join, so that whoever has a token, or guesses at one, cannot fill the log.
///
/// SwarmKit has no such limits.
struct JoinLimits: Sendable {
    /// Joins in one second of all nodes together, and after a quiet time at once.
    static let all = (perSecond: 200, atOnce: 400)
    /// The same of the nodes of one address.
    static let ofAddress = (perSecond: 100, atOnce: 200)
    /// Renewals in one second of one node: it renews once in weeks, and when it is told to.
    static let ofNode = (perSecond: 1, atOnce: 8)
    /// How many nodes may have joined that never came to work; an operator removes them.
    static let neverSeen = 4_096

    private var joins = RateLimit(perSecond: Self.all.perSecond, capacity: Self.all.atOnce)
    private var addresses = RateLimits(perSecond: Self.ofAddress.perSecond, capacity: Self.ofAddress.atOnce)
    private var nodes = RateLimits(perSecond: Self.ofNode.perSecond, capacity: Self.ofNode.atOnce)

    /// Whether another node may join from `address` now.
    mutating func admitJoin(from address: String, now: Timestamp) -> Bool {
        self.addresses.admit(address, now: now) && self.joins.admit(now: now)
    }

    /// Whether the node may ask for another certificate now.
    mutating func admitRenewal(of node: String, now: Timestamp) -> Bool { self.nodes.admit(node, now: now) }
}

/// A bucket of permits that fills at a steady rate.
struct RateLimit: Sendable {
    private let perSecond: Int
    private let capacity: Int
    private var permits: Double
    private var at: Timestamp?

    init(perSecond: Int, capacity: Int) {
        self.perSecond = perSecond
        self.capacity = capacity
        self.permits = Double(capacity)
    }

    /// Takes a permit if there is one.
    mutating func admit(now: Timestamp) -> Bool {
        self.fill(now: now)
        guard self.permits >= 1 else { return false }
        self.permits -= 1
        return true
    }

    /// Whether nothing tells it from a fresh one.
    mutating func isFull(now: Timestamp) -> Bool {
        self.fill(now: now)
        return self.permits >= Double(self.capacity)
    }

    private mutating func fill(now: Timestamp) {
        if let at = self.at, now > at {
            let seconds = Double((now - at).wholeNanoseconds) / 1e9
            self.permits = min(Double(self.capacity), self.permits + seconds * Double(self.perSecond))
        }
        self.at = max(now, self.at ?? now)
    }
}

/// A bucket for each of many callers.
struct RateLimits: Sendable {
    /// How many callers are told apart; beyond that only those are served that are known.
    static let callers = 8_192

    private let perSecond: Int
    private let capacity: Int
    private var buckets: [String: RateLimit] = [:]

    init(perSecond: Int, capacity: Int) {
        self.perSecond = perSecond
        self.capacity = capacity
    }

    /// Takes a permit of the caller's if there is one.
    mutating func admit(_ caller: String, now: Timestamp) -> Bool {
        if self.buckets[caller] == nil && self.buckets.count >= Self.callers { self.forgetFull(now: now) }
        guard self.buckets[caller] != nil || self.buckets.count < Self.callers else { return false }
        let fresh = RateLimit(perSecond: self.perSecond, capacity: self.capacity)
        return self.buckets[caller, default: fresh].admit(now: now)
    }

    private mutating func forgetFull(now: Timestamp) {
        for caller in Array(self.buckets.keys) where self.buckets[caller]?.isFull(now: now) == true {
            self.buckets[caller] = nil
        }
    }
}
