import ManagerNode
import Testing

@Suite struct ListenCheckTests {
    @Test func `an address that this machine doesn't have is refused`() {
        let error = #expect(throws: ListenError.self) { try ListenCheck.check(address: "192.0.2.77:0") }
        #expect(error == .foreignAddress("192.0.2.77:0"))
        #expect(error?.description.contains("no interface with the address of 192.0.2.77:0") == true)
    }

    @Test func `one that it has is taken`() throws {
        try ListenCheck.check(address: "127.0.0.1:0")
    }
}
