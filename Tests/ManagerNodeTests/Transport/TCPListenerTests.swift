import NIOCore
import Testing

@testable import ManagerNode

struct TCPListenerTests {
    @Test(arguments: ["127.0.0.1:4242", "127.9.9.9:0", "[::1]:1", "localhost:2377"])
    func `a loopback address is accepted`(address: String) throws {
        let port = Int(address.split(separator: ":").last ?? "")
        #expect(try TCPListener.parse(address).port == port)
    }

    @Test(arguments: ["0.0.0.0:4242", "10.0.0.1:4242", ":4242", "[::]:4242", "[::ffff:127.0.0.1]:1"])
    func `any other address is refused`(address: String) {
        #expect(throws: ListenError.notLoopback(address)) { try TCPListener.parse(address) }
    }

    @Test(arguments: ["", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "example.org:1", "127.0.0.1:x"])
    func `what is no address is named`(address: String) {
        #expect(throws: ListenError.notAnAddress(address)) { try TCPListener.parse(address) }
    }

    @Test(arguments: ["10.99.0.1:4242", "127.0.0.1:0", "[fd00::1]:1"])
    func `in a namespace without a way out any address is accepted`(address: String) throws {
        _ = try TCPListener.parse(address, .isolatedNamespace)
    }

    @Test(arguments: ["0.0.0.0:4242", "[::]:4242"])
    func `an address that stands for all is refused there too`(address: String) {
        #expect(throws: ListenError.unspecified(address)) {
            try TCPListener.parse(address, .isolatedNamespace)
        }
    }

    @Test func `the refusal says why and what to do`() {
        #expect(
            "\(ListenError.notLoopback("0.0.0.0:4242"))"
                == "refusing 0.0.0.0:4242: connections are not encrypted until certificates are in "
                + "place; use a loopback address (127.0.0.0/8 or ::1)"
        )
    }
}
