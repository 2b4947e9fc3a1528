package import Primitives
import SwarmAPI
import SwiftProtobuf

/// Reads a tape record by record, however long it is.
package struct FeedTapeReader {
    /// What is wrong with a tape, and where.
    package struct Damage: Error, Sendable, Equatable, CustomStringConvertible {
        /// The byte at which the record begins that cannot be read.
        package let offset: Int
        package let reason: String
        /// The tape just ends too early, as when its writer was killed: what is before is whole.
        package var isTorn = false

        package var description: String { "\(self.reason) (byte \(self.offset))" }
    }

    /// When the tape begins.
    package let start: Timestamp
    /// Gives so many more bytes, or fewer at the end.
    private let read: (Int) throws -> [UInt8]
    private var offset: Int

    /// Reads the first line.
    package init(_ read: @escaping (Int) throws -> [UInt8]) throws {
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n"), line.count < FeedTape.headerLimit {
            let next = try read(1)
            guard !next.isEmpty else { break }
            line += next
        }
        let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[0] == FeedTape.name, line.last == UInt8(ascii: "\n") else {
            throw Damage(offset: 0, reason: "this is no recording of swarmtop's")
        }
        guard words[1] == "\(FeedTape.version)" else {
            throw Damage(
                offset: 0,
                reason: "the recording has format \(words[1]), and this swarmtop reads \(FeedTape.version)"
            )
        }
        guard let nanoseconds = Int64(words[2]) else {
            throw Damage(offset: 0, reason: "the recording does not say when it begins")
        }
        self.start = Timestamp(nanoseconds: nanoseconds)
        self.read = read
        self.offset = line.count
    }

    /// The next event and how long after the beginning it came; nil at the end.
    package mutating func next() throws -> (after: Duration, event: FeedEvent)? {
        let head = try self.read(FeedTape.headSize)
        guard !head.isEmpty else { return nil }
        guard head.count == FeedTape.headSize else { throw self.torn }
        let length = Int(Self.number(head[0..<4]))
        guard length <= FeedTape.payloadLimit else { throw self.damage("a record is longer than any may be") }
        let rest = try self.read(length + FeedTape.tailSize)
        guard rest.count == length + FeedTape.tailSize else { throw self.torn }
        let payload = rest.prefix(length)
        guard UInt64(CRC32.of(head + payload)) == Self.number(rest.suffix(FeedTape.tailSize)) else {
            throw self.damage("a record's checksum is wrong: the recording was changed or damaged")
        }
        let event = try self.event(head[4], Array(payload))
        self.offset += FeedTape.headSize + rest.count
        return (.nanoseconds(Int64(clamping: Self.number(head[5..<13]))), event)
    }

    private var torn: Damage {
        Damage(offset: self.offset, reason: "the recording ends in the middle of a record", isTorn: true)
    }

    private func damage(_ reason: String) -> Damage { Damage(offset: self.offset, reason: reason) }

    private func event(_ number: UInt8, _ payload: [UInt8]) throws -> FeedEvent {
        guard let kind = FeedTape.Kind(rawValue: number) else {
            throw self.damage("a record is of a kind that this swarmtop does not know: \(number)")
        }
        do {
            switch kind {
            case .connecting: return .connecting
            case .listed: return .listed(ClusterListing(try SwarmStoreSnapshot(serializedBytes: payload)))
            case .changed: return .changed(try SwarmWatchMessage(serializedBytes: payload).events)
            case .status: return .status(try SwarmdConsoleStatus(serializedBytes: payload))
            case .lost: return .lost(reason: String(decoding: payload, as: UTF8.self))
            }
        } catch {
            throw self.damage("a record cannot be decoded")
        }
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension ClusterListing {
    fileprivate init(_ snapshot: SwarmStoreSnapshot) {
        self.init(
            cluster: snapshot.clusters.first,
            nodes: snapshot.nodes,
            services: snapshot.services,
            tasks: snapshot.tasks,
            networks: snapshot.networks,
            secrets: snapshot.secrets,
            configs: snapshot.configs
        )
    }
}
