import Testing

@testable import Replication

struct CRC32CTests {
    @Test func `the checksums are those of RFC 3720`() {
        #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(CRC32C.of([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
        #expect(CRC32C.of(Array(0..<32)) == 0x46dd_794e)
        #expect(CRC32C.of(Array("123456789".utf8)) == 0xe306_9283)
    }

    @Test func `a checksum does not depend on how the bytes are added`() {
        let bytes = (0..<100).map { UInt8($0) }
        for cut in 0...100 {
            var sum = CRC32C()
            sum.add(bytes[..<cut])
            sum.add(bytes[cut...])
            #expect(sum.checksum == CRC32C.of(bytes))
        }
    }
}
