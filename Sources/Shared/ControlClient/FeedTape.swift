package import Primitives
import SwarmAPI
import SwiftProtobuf

/// What a feed told, written down: to be looked at again elsewhere and later.
///
/// A line `swarmtop-tape 1 START` with the moment of the beginning in nanoseconds, then records: 4 bytes of the
/// payload's length, 1 of its kind, 8 of nanoseconds since the beginning, the payload, and 4 of CRC-32 over all
/// before; numbers are big-endian, payloads the API's own messages. Keys, tokens and what configs hold are left out.
package enum FeedTape {
    /// What the first line begins with; the number counts the formats.
    static let name = "swarmtop-tape"
    static let version = 1
    /// The longest first line.
    static let headerLimit = 64
    /// The longest payload: an answer of the API is not longer.
    static let payloadLimit = ControlClient.answerLimit
    /// The bytes of a record before and after its payload.
    static let headSize = 13
    static let tailSize = 4

    /// The kinds of records; a number is never given again.
    enum Kind: UInt8 {
        case connecting = 1, listed, changed, status, lost
    }

    /// The first line of a tape that begins at `start`.
    package static func header(start: Timestamp) -> [UInt8] {
        Array("\(Self.name) \(Self.version) \(start.nanoseconds)\n".utf8)
    }

    /// The record of `event`, so long after the beginning.
    package static func record(_ event: FeedEvent, after time: Duration) throws -> [UInt8] {
        let (kind, payload) = try Self.payload(of: event)
        guard payload.count <= Self.payloadLimit else {
            throw ControlError(.refused, "an event of \(payload.count) bytes is too long for a recording")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + Self.headSize + Self.tailSize)
        bytes += Self.bytes(UInt32(payload.count))
        bytes.append(kind.rawValue)
        bytes += Self.bytes(UInt64(clamping: time.wholeNanoseconds))
        bytes += payload
        bytes += Self.bytes(CRC32.of(bytes))
        return bytes
    }

    private static func payload(of event: FeedEvent) throws -> (Kind, [UInt8]) {
        switch event {
        case .connecting: (.connecting, [])
        case .listed(let listing): (.listed, try Self.snapshot(listing).serializedBytes())
        case .changed(let events):
            (.changed, try SwarmWatchMessage.with { $0.events = events.map(Self.cleaned) }.serializedBytes())
        case .status(let status): (.status, try status.serializedBytes())
        case .lost(let reason): (.lost, Array(reason.utf8))
        }
    }

    private static func snapshot(_ listing: ClusterListing) -> SwarmStoreSnapshot {
        .with {
            $0.clusters = listing.cluster.map { [Self.cleaned($0)] } ?? []
            $0.nodes = listing.nodes
            $0.services = listing.services
            $0.tasks = listing.tasks
            $0.networks = listing.networks
            $0.secrets = listing.secrets.map(Self.cleaned)
            $0.configs = listing.configs.map(Self.cleaned)
        }
    }

    private static func cleaned(_ event: SwarmWatchMessage.Event) -> SwarmWatchMessage.Event {
        var event = event
        event.clearOldObject()
        switch event.object.object {
        case .cluster(let cluster): event.object.cluster = Self.cleaned(cluster)
        case .secret(let secret): event.object.secret = Self.cleaned(secret)
        case .config(let config): event.object.config = Self.cleaned(config)
        default: break
        }
        return event
    }

    /// The cluster without what lets nodes in and opens managers.
    private static func cleaned(_ cluster: SwarmCluster) -> SwarmCluster {
        var cluster = cluster
        cluster.rootCa.caKey = SwarmRootCA().caKey
        cluster.rootCa.clearJoinTokens()
        if cluster.rootCa.hasRootRotation { cluster.rootCa.rootRotation.caKey = SwarmRootRotation().caKey }
        cluster.unlockKeys = []
        cluster.networkBootstrapKeys = []
        return cluster
    }

    private static func cleaned(_ secret: SwarmSecret) -> SwarmSecret {
        var secret = secret
        secret.spec.data = SwarmSecretSpec().data
        return secret
    }

    private static func cleaned(_ config: SwarmConfig) -> SwarmConfig {
        var config = config
        config.spec.data = SwarmConfigSpec().data
        return config
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}

/// The checksum of IEEE 802.3, as gzip and zip have it.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { (index: UInt32) in
        (0..<8).reduce(index) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var value = UInt32.max
        for byte in bytes { value = Self.table[Int((value ^ UInt32(byte)) & 0xff)] ^ (value >> 8) }
        return ~value
    }
}
