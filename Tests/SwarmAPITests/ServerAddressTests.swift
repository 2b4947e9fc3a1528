import SwarmRPC
import Testing

@Suite struct ServerAddressTests {
    @Test(arguments: ["127.0.0.1:2377", "[::1]:1", "manager.example:65535"])
    func `an address is read and written back`(_ text: String) throws {
        #expect(try ServerAddress(text).description == text)
    }

    @Test(arguments: ["", "host", "host:", "host:0", "host:65536", ":2377", "::1:2377"])
    func `what is no address is refused with its text`(_ text: String) throws {
        let error = #expect(throws: ServerAddressError.self) { _ = try ServerAddress(text) }
        #expect(error?.description.hasPrefix("the address \"\(text)\" can't be used: it needs a") == true)
    }
}
