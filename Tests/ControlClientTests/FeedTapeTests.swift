import ControlClient
import Foundation
import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct FeedTapeTests {
    private static let start = Timestamp(seconds: 1_700_000_000)

    private static let cluster = SwarmCluster.with {
        $0.id = "c1"
        $0.rootCa.joinTokens.worker = "SWMTKN-1-secret"
        $0.rootCa.caKey = Data([1, 2, 3])
    }

    /// A tape of four events.
    private static func tape() throws -> [UInt8] {
        let task = SwarmTask.with { $0.id = "t1" }
        let config = SwarmConfig.with { ($0.id, $0.spec.data) = ("k1", Data([115, 101, 99])) }
        let listing = ClusterListing(
            cluster: Self.cluster,
            nodes: [.with { $0.id = "n1" }],
            services: [],
            tasks: [task],
            configs: [config]
        )
        let change = SwarmWatchMessage.Event.with {
            $0.action = .watchActionUpdate
            $0.object.task = task
        }
        var bytes = FeedTape.header(start: Self.start)
        bytes += try FeedTape.record(.connecting, after: .zero)
        bytes += try FeedTape.record(.listed(listing), after: .milliseconds(20))
        bytes += try FeedTape.record(.changed([change]), after: .seconds(3))
        bytes += try FeedTape.record(.lost(reason: "gone"), after: .seconds(4))
        return bytes
    }

    private static func reader(_ bytes: [UInt8]) throws -> FeedTapeReader {
        var rest = bytes[...]
        return try FeedTapeReader { count in
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
    }

    private static func read(_ bytes: [UInt8]) throws -> [(Duration, FeedEvent)] {
        var reader = try Self.reader(bytes)
        var events: [(Duration, FeedEvent)] = []
        while let next = try reader.next() { events.append((next.after, next.event)) }
        return events
    }

    @Test func `what was recorded is read again, in its time`() throws {
        let bytes = try Self.tape()
        #expect(try Self.reader(bytes).start == Self.start)
        let events = try Self.read(bytes)
        #expect(events.map(\.0) == [.zero, .milliseconds(20), .seconds(3), .seconds(4)])
        guard case .listed(let listing) = events[1].1, case .changed(let changes) = events[2].1,
            case .lost(let reason) = events[3].1
        else {
            Issue.record("other kinds of events")
            return
        }
        #expect(listing.nodes.map(\.id) == ["n1"] && listing.tasks.map(\.id) == ["t1"])
        #expect(changes.map(\.object.task.id) == ["t1"] && reason == "gone")
    }

    @Test func `no secret is written down`() throws {
        let bytes = try Self.tape()
        #expect(!String(decoding: bytes, as: UTF8.self).contains("SWMTKN"))
        guard case .listed(let listing) = try Self.read(bytes)[1].1 else { return }
        #expect(listing.cluster?.id == "c1" && listing.cluster?.rootCa.caKey.isEmpty == true)
        #expect(listing.configs.first?.spec.data.isEmpty == true)
    }

    @Test func `a changed byte is found, with the offset of its record`() throws {
        let bytes = try Self.tape()
        let header = FeedTape.header(start: Self.start).count
        for position in stride(from: header, to: bytes.count, by: 3) {
            var damaged = bytes
            damaged[position] ^= 0x10
            #expect(throws: FeedTapeReader.Damage.self) { try Self.read(damaged) }
        }
        var damaged = bytes
        damaged[header + 15] ^= 1
        let record = try FeedTape.record(.connecting, after: .zero).count
        do {
            _ = try Self.read(damaged)
        } catch let damage as FeedTapeReader.Damage {
            #expect(damage.offset == header || damage.offset == header + record)
            #expect("\(damage)".contains("(byte \(damage.offset))"))
        }
    }

    @Test func `a tape that ends too early is torn, and nothing worse`() throws {
        let bytes = try Self.tape()
        do {
            _ = try Self.read(bytes.dropLast(3))
            Issue.record("the end is missing")
        } catch let damage as FeedTapeReader.Damage {
            #expect(damage.isTorn)
        }
    }

    @Test(arguments: ["", "swarmtop-tape", "swarmtop-tape 9 0\n", "swarmtop-tape 1 soon\n", "\u{7f}ELF\n"])
    func `another file is no tape`(text: String) {
        #expect(throws: FeedTapeReader.Damage.self) { try Self.reader(Array(text.utf8)) }
    }

    @Test func `the checksum is that of zip`() throws {
        // The last four bytes of a record are the CRC-32 of what is before.
        let record = try FeedTape.record(.lost(reason: "x"), after: .zero)
        #expect(record.count == 18)
    }
}
