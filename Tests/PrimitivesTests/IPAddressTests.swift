import Primitives
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("fe80::", "fe80::"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("::ffff:192.0.2.1", "192.0.2.1"),
    ])
    func `an address is written as RFC 5952 says`(text: String, written: String) throws {
        #expect("\(try #require(IPAddress(text)))" == written)
    }

    @Test(arguments: [
        "", "10.0.0", "10.0.0.256", "01.0.0.1", "1::2::3", "12345::", "fe80::1%eth0", "10.0.0.1/8",
    ])
    func `what is no address is refused`(text: String) { #expect(IPAddress(text) == nil) }

    @Test func `addresses are ordered by their numbers`() throws {
        let texts = ["10.0.0.9", "10.0.0.10", "2001:db8::"]
        let addresses = try texts.map { try #require(IPAddress($0)) }
        #expect(addresses.sorted() == addresses)
    }
}
