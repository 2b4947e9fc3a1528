import Synchronization

/// Counts the connections of a listener, and says when there are too many.
final class ConnectionGate: Sendable {
    private struct Count {
        var open = 0
        var unfinished = 0
    }

    private struct State {
        var total = Count()
        var addresses: [String: Count] = [:]

        mutating func change(_ address: String?, _ change: (inout Count) -> Void) {
            change(&self.total)
            guard let address else { return }
            change(&self.addresses[address, default: Count()])
            if self.addresses[address]?.open == 0 { self.addresses[address] = nil }
        }
    }

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    init(_ limits: ConnectionLimits) { self.limits = limits }

    /// Lets a connection of `host` in that has not shown who it is, or throws why not.
    func enter(_ host: String?) throws(ConnectionRefusal) -> Pass {
        let address = host.map(Self.network)
        let most = self.most(of: host)
        let refusal = self.state.withLock { state -> ConnectionRefusal? in
            let own = address.flatMap { state.addresses[$0] } ?? Count()
            if state.total.open >= self.limits.connections || own.open >= most.open { return .tooMany }
            if state.total.unfinished >= self.limits.unfinished || own.unfinished >= most.unfinished {
                return .tooManyUnfinished
            }
            state.change(address) {
                $0.open += 1
                $0.unfinished += 1
            }
            return nil
        }
        if let refusal { throw refusal }
        return Pass(self, address)
    }

    /// What one address may have.
    private func most(of host: String?) -> Count {
        guard let host, host == "::1" || host.hasPrefix("127.") else {
            return Count(
                open: self.limits.connectionsPerAddress,
                unfinished: self.limits.unfinishedPerAddress
            )
        }
        return Count(open: self.limits.connectionsOfLoopback, unfinished: self.limits.unfinishedOfLoopback)
    }

    /// How many connections there are, and of how many it is not known who they are.
    var counts: (open: Int, unfinished: Int) {
        self.state.withLock { ($0.total.open, $0.total.unfinished) }
    }

    /// The place of one connection.
    final class Pass: Sendable {
        private let gate: ConnectionGate
        private let address: String?
        private let state = Mutex((isFinished: false, isRefused: false, isOver: false))

        fileprivate init(_ gate: ConnectionGate, _ address: String?) {
            self.gate = gate
            self.address = address
        }

        /// The caller has shown who it is.
        func finish() {
            let isFirst = self.state.withLock { state in
                defer { state.isFinished = true }
                return !state.isFinished && !state.isOver
            }
            guard isFirst else { return }
            self.gate.state.withLock { $0.change(self.address) { $0.unfinished -= 1 } }
        }

        /// The connection is turned away; false if it was already, or has shown who it is.
        func refuse() -> Bool {
            self.state.withLock { state in
                defer { state.isRefused = true }
                return !state.isRefused && !state.isFinished
            }
        }

        /// The connection is closed.
        func leave() {
            let (isFirst, wasFinished) = self.state.withLock { state in
                defer { state.isOver = true }
                return (!state.isOver, state.isFinished)
            }
            guard isFirst else { return }
            self.gate.state.withLock { state in
                state.change(self.address) {
                    $0.open -= 1
                    if !wasFinished { $0.unfinished -= 1 }
                }
            }
        }
    }

    /// What counts as one address: with IPv6 a machine has as many as it likes, of one network of 64 bits.
    static func network(of host: String) -> String {
        guard host.contains(":"), !host.contains(".") else { return host }
        let bare = host.prefix { $0 != "%" }
        let halves = String(bare).components(around: "::")
        let head = halves.0.split(separator: ":").map(String.init)
        let tail = halves.1?.split(separator: ":").map(String.init) ?? []
        let zeros = [String](repeating: "0", count: max(0, 8 - head.count - tail.count))
        return (head + zeros + tail).prefix(4).joined(separator: ":")
    }
}

extension String {
    /// What stands before and after the first `separator`; nil after it where there is none.
    fileprivate func components(around separator: String) -> (Substring, Substring?) {
        guard let range = self.firstRange(of: separator) else { return (self[...], nil) }
        return (self[..<range.lowerBound], self[range.upperBound...])
    }
}
