import ArgumentParser
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import swarmd

struct AuditListingTests {
    private static func record(
        _ sequence: UInt64,
        begun: UInt64 = 0,
        result: String = ""
    ) -> SwarmdAuditRecord {
        .with {
            $0.sequence = sequence
            $0.begun = begun
            $0.result = result
            $0.at = Timestamp(nanoseconds: 1_700_000_000_250_700_000).protobuf
            ($0.uid, $0.gid, $0.pid) = (0, 10, 4711)
            $0.method = "Control.UpdateService"
            $0.object = "service web"
            $0.version = 12
        }
    }

    private static let ended =
        "2        2023-11-14T22:13:20.25Z   0       4711          Control.UpdateService       "
        + "service web at version 12         NOT_FOUND (service web not found)"

    private static let end = SwarmdAuditRecord.with {
        $0 = Self.record(3, begun: 2, result: "NOT_FOUND")
        $0.message = "service web not found"
    }

    @Test func `lines come in the order in which changes were begun`() {
        var listing = AuditListing()
        #expect(listing.take(Self.record(1)).isEmpty)
        #expect(listing.take(Self.record(2)).isEmpty)
        #expect(listing.take(Self.end).isEmpty)
        let lines = listing.take(Self.record(4, begun: 1, result: "OK"))
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("1 ") == true && lines.last == Self.ended)
        #expect(listing.finish().isEmpty)
    }

    @Test func `a change that never ended keeps its place`() {
        var listing = AuditListing()
        for record in [Self.record(1), Self.record(2), Self.end] { #expect(listing.take(record).isEmpty) }
        let lines = listing.finish()
        #expect(lines.first?.hasSuffix("unknown") == true && lines.last == Self.ended)
        #expect(listing.finish().isEmpty)
    }

    @Test func `whoever follows sees a change as soon as it ended`() {
        var listing = AuditListing(inOrder: false)
        #expect(listing.take(Self.record(1)).isEmpty)
        #expect(listing.take(Self.record(2)).isEmpty)
        #expect(listing.take(Self.end) == [Self.ended])
        #expect(listing.finish().map { $0.hasSuffix("unknown") } == [true])
    }

    @Test func `what the daemon did itself is told from what users did`() {
        var record = Self.record(7, result: "OK")
        record.byDaemon = true
        var listing = AuditListing()
        let lines = listing.take(record)
        #expect(lines.first?.contains("Z   daemon  4711 ") == true, "\(lines)")
        #expect(AuditListing.json(record).contains(#""ByDaemon":true"#))
    }

    @Test func `an end whose beginning was not read is printed by itself`() {
        var listing = AuditListing()
        let lines = listing.take(Self.record(9, begun: 8, result: "OK"))
        #expect(lines.count == 1)
        #expect(lines[0].hasPrefix("9 ") && lines[0].hasSuffix("OK"))
    }

    @Test func `changes that never end do not pile up`() {
        var listing = AuditListing()
        let lines = (1...UInt64(AuditListing.open + 5)).flatMap { listing.take(Self.record($0)) }
        #expect(lines.count == 5)
    }

    @Test func `JSON has every record as it is`() {
        let line = AuditListing.json(Self.record(3, begun: 2, result: "OK"))
        #expect(
            line
                == #"{"Sequence":3,"Begun":2,"At":"2023-11-14T22:13:20.2507Z","UID":0,"GID":10,"PID":4711,"#
                + #""Method":"Control.UpdateService","Object":"service web","Version":12,"Result":"OK","#
                + #""Previous":"","Hash":""}"#
        )
    }

    @Test func `a name cannot steer the terminal`() {
        var listing = AuditListing()
        var record = Self.record(1, begun: 7, result: "OK")
        record.object = "service \u{1b}[2J"
        #expect(!listing.take(record)[0].contains("\u{1b}"))
    }

    @Test func `the check and following exclude each other`() {
        #expect(throws: (any Error).self) {
            _ = try SwarmdCommand.parseAsRoot(["audit", "--verify", "--follow"])
        }
    }
}
