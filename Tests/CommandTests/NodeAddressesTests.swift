import LinuxSystem
import Testing

@testable import swarmd

@Suite struct NodeAddressesTests {
    private static let one = [InterfaceAddress(interface: "eth0", address: "192.0.2.7")]
    private static let two = Self.one + [InterfaceAddress(interface: "eth1", address: "198.51.100.3")]

    private static func read(
        _ listen: String,
        _ advertise: String = "",
        _ interfaces: [InterfaceAddress] = Self.one
    ) throws -> [String] {
        let addresses = try NodeAddresses(listen: listen, advertise: advertise, interfaces: interfaces)
        return [addresses.listen, addresses.advertise]
    }

    @Test func `one address of the machine is enough`() throws {
        #expect(try Self.read("0.0.0.0:4242") == ["0.0.0.0:4242", "192.0.2.7:4242"])
        #expect(try Self.read("0.0.0.0:0") == ["0.0.0.0:0", "192.0.2.7:0"])
        #expect(try Self.read("127.0.0.1:7") == ["127.0.0.1:7", ""])
    }

    @Test func `several addresses are listed, and one has to be named`() throws {
        let error = #expect(throws: AddressError.self) { try Self.read("0.0.0.0:4242", "", Self.two) }
        #expect(error?.description.contains("192.0.2.7 on eth0, 198.51.100.3 on eth1") == true)
        #expect(error?.description.contains("--advertise-addr") == true)
        #expect(try Self.read("0.0.0.0:4242", "198.51.100.3", Self.two)[1] == "198.51.100.3:4242")
        #expect(try Self.read("0.0.0.0:4242", "eth1:9", Self.two)[1] == "198.51.100.3:9")
        #expect(try Self.read("eth1", "", Self.two) == ["198.51.100.3:4242", ""])
    }

    @Test func `a machine without an address says so`() {
        #expect(throws: AddressError.none) { try Self.read("0.0.0.0:4242", "", []) }
    }

    @Test func `an address of version 6 stands in brackets`() throws {
        #expect(try Self.read("[::1]:5") == ["[::1]:5", ""])
        #expect(try Self.read("0.0.0.0:5", "2001:db8::1")[1] == "[2001:db8::1]:5")
        #expect(try Self.read("0.0.0.0:5", "[2001:db8::1]:6")[1] == "[2001:db8::1]:6")
    }

    @Test(arguments: ["1.2.3.4:x", "1.2.3.4:70000", "", ":5", "a b:4", "[::1"])
    func `what is no address is refused by its flag`(_ text: String) {
        let error = #expect(throws: AddressError.self) { try Self.read(text) }
        #expect(error?.description.hasPrefix("--listen-addr: ") == true)
    }

    @Test func `an address that nobody can connect to is not advertised`() {
        #expect(throws: AddressError.unspecified("0.0.0.0:5")) { try Self.read("127.0.0.1:5", "0.0.0.0:5") }
        #expect(throws: AddressError.noPort("192.0.2.7")) { try Self.read("0.0.0.0:0", "192.0.2.7") }
    }
}
