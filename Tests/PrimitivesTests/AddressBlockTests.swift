import Primitives
import Testing

@Suite struct AddressBlockTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0/8", "10.0.0.0", "10.255.255.255"),
        ("10.1.2.3/24", "10.1.2.0/24", "10.1.2.0", "10.1.2.255"),
        ("192.0.2.7/32", "192.0.2.7/32", "192.0.2.7", "192.0.2.7"),
        ("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255"),
        ("2001:db8::1/64", "2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff"),
        ("::/0", "::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ])
    func `a block has the ends that its prefix leaves open`(
        text: String,
        written: String,
        first: String,
        last: String
    ) throws {
        let block = try #require(AddressBlock(text))
        #expect("\(block)" == written)
        #expect("\(block.first)" == first)
        #expect("\(block.last)" == last)
    }

    @Test(arguments: [
        "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "/8",
        "2001:db8::/129",
        "10.0.0.0/8/8", "10.0.0.256/8", "", "10.0.0.0/0008",
    ])
    func `what is no block is refused`(text: String) { #expect(AddressBlock(text) == nil) }

    @Test func `blocks overlap where one is inside the other`() throws {
        let wide = try #require(AddressBlock("10.0.0.0/8"))
        let narrow = try #require(AddressBlock("10.7.0.0/16"))
        let beside = try #require(AddressBlock("11.0.0.0/8"))
        #expect(wide.overlaps(narrow) && narrow.overlaps(wide))
        #expect(wide.contains(narrow) && !narrow.contains(wide))
        #expect(!wide.overlaps(beside) && !beside.overlaps(narrow))
        // Version 4 is kept inside version 6, but no block of one has addresses of the other by chance.
        let newer = try #require(AddressBlock("fd00::/8"))
        #expect(!newer.overlaps(wide))
    }

    @Test func `an address is written with the length of its block`() throws {
        let block = try #require(AddressBlock("10.0.1.0/24"))
        let address = try #require(IPAddress("10.0.1.5"))
        #expect(block.text(of: address) == "10.0.1.5/24")
        let parts = try #require(AddressBlock.parts(of: "10.0.1.5/24"))
        #expect(parts.address == address && parts.length == 24)
    }
}
