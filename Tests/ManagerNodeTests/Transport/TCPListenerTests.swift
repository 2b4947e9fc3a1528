import NIOCore
import Testing

@testable import ManagerNode

struct TCPListenerTests {
    @Test(arguments: [
        "127.0.0.1:4242", "127.9.9.9:0", "[::1]:1", "localhost:2377", "0.0.0.0:4242", "10.0.0.1:4242",
        "[::]:4242",
    ])
    func `an address is accepted, wherever it leads`(address: String) throws {
        let port = Int(address.split(separator: ":").last ?? "")
        #expect(try TCPListener.parse(address).port == port)
    }

    @Test(arguments: [
        "", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "example.org:1", "127.0.0.1:x", ":4242",
    ])
    func `what is no address is named`(address: String) {
        #expect(throws: ListenError.notAnAddress(address)) { try TCPListener.parse(address) }
    }
}
