import Logging
import Synchronization
import Testing

@testable import ManagerNode

@Suite struct ConnectionGateTests {
    private func gate(_ change: (inout ConnectionLimits) -> Void) -> ConnectionGate {
        var limits = ConnectionLimits()
        change(&limits)
        return ConnectionGate(limits)
    }

    @Test func `each limit is a limit, and a place that is left is free again`() throws {
        let gate = self.gate {
            $0.connections = 3
            $0.connectionsPerAddress = 2
        }
        let first = try gate.enter("10.0.0.1")
        _ = try gate.enter("10.0.0.1")
        #expect(throws: ConnectionRefusal.tooMany) { try gate.enter("10.0.0.1") }
        let third = try gate.enter("10.0.0.2")
        #expect(throws: ConnectionRefusal.tooMany) { try gate.enter("10.0.0.3") }
        third.leave()
        third.leave()
        _ = try gate.enter("10.0.0.3")
        first.finish()
        first.leave()
        #expect(gate.counts == (2, 2))
    }

    @Test func `those who showed who they are do not count as unfinished`() throws {
        let gate = self.gate {
            $0.unfinished = 2
            $0.unfinishedPerAddress = 1
        }
        let first = try gate.enter("10.0.0.1")
        #expect(throws: ConnectionRefusal.tooManyUnfinished) { try gate.enter("10.0.0.1") }
        let second = try gate.enter("10.0.0.2")
        #expect(throws: ConnectionRefusal.tooManyUnfinished) { try gate.enter("10.0.0.3") }
        first.finish()
        first.finish()
        _ = try gate.enter("10.0.0.1")
        second.leave()
        second.finish()
        #expect(gate.counts == (2, 1))
    }

    @Test(arguments: ["127.0.0.1", "127.1.2.3", "::1"])
    func `this machine itself may have more, but not all`(_ host: String) throws {
        var limits = ConnectionLimits()
        limits.unfinishedPerAddress = 1
        limits.connectionsPerAddress = 1
        limits.unfinishedOfLoopback = 2
        limits.connectionsOfLoopback = 3
        let gate = ConnectionGate(limits)
        let first = try gate.enter(host)
        _ = try gate.enter(host)
        #expect(throws: ConnectionRefusal.tooManyUnfinished) { try gate.enter(host) }
        first.finish()
        try gate.enter(host).finish()
        #expect(throws: ConnectionRefusal.tooMany) { try gate.enter(host) }
        _ = try gate.enter("10.0.0.1")
    }

    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1"), ("2001:db8:1:2::7", "2001:db8:1:2"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
        ("::1", "0:0:0:0"), ("fe80::1%eth0", "fe80:0:0:0"), ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
    ])
    func `a network of IPv6 counts as one address`(_ host: String, _ network: String) {
        #expect(ConnectionGate.network(of: host) == network)
    }

    @Test func `each kind of refusal is counted as another`() {
        let kinds = ConnectionRefusal.allCases.map(\.counted)
        #expect(Set(kinds).count == ConnectionRefusal.allCases.count)
    }

    @Test func `what is logged names no place in a library's source`() {
        let error =
            "handshakeFailed(sslError([Error: 268435703 error:100000f7:SSL routines:OPENSSL_internal:"
            + "WRONG_VERSION_NUMBER at /src/ssl/tls_record.cc:231]))"
        let plain =
            "handshakeFailed(sslError([Error: 268435703 error:100000f7:SSL routines:OPENSSL_internal:"
            + "WRONG_VERSION_NUMBER]))"
        #expect(RefusalLog.plain(error) == plain)
        #expect(RefusalLog.plain("EOF during handshake at once") == "EOF during handshake at once")
    }

    @Test func `a kind of refusal is logged once a minute, and each is counted`() {
        let lines = Lines()
        let counted = RecordingRefusals()
        let log = RefusalLog(Logger(label: "test") { _ in lines }) { counted.add($0) }
        let start = ContinuousClock.now
        for _ in 0..<1_000 { log.note(.handshake, "10.0.0.1", now: start) }
        log.note(.certificate, "10.0.0.1", now: start)
        #expect(lines.all.count == 2)
        log.note(.handshake, "10.0.0.2", now: start + .seconds(61))
        #expect(lines.all.last?.contains("999") == true)
        #expect(counted.counts == [.handshake: 1_001, .certificate: 1])
    }
}

/// Keeps what is logged.
private final class Lines: LogHandler {
    private let state = Mutex<[String]>([])

    var all: [String] { self.state.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        self.state.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
