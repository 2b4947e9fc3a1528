import Crypto
package import Foundation
package import SwarmAPI
import SwiftProtobuf

/// Binds the records of changes to each other: each holds the hash of the one before.
///
/// Who alters, inserts or removes a record has to make all that follow anew, and so the newest hash, which whoever
/// reads the records may keep elsewhere. Pure.
package enum AuditChain {
    /// What the first record of all holds as the hash of the one before it.
    package static let beginning = Data(repeating: 0, count: SHA256.byteCount)

    /// The number and kind of the field that holds a record's own hash, and how long the hash is.
    private static let hashField: [UInt8] = [13 << 3 | 2, UInt8(SHA256.byteCount)]

    /// The bytes of `record` bound to the one whose hash is `previous`, and its own hash.
    ///
    /// The hash stands behind all else, so that the bytes it is made of are written only once.
    package static func sealed(
        _ record: SwarmdAuditRecord,
        after previous: Data
    ) throws -> (bytes: [UInt8], hash: Data) {
        var record = record
        record.previous = previous
        record.hash = Data()
        var bytes: [UInt8] = try record.serializedBytes()
        let hash = Data(SHA256.hash(data: bytes))
        bytes += Self.hashField
        bytes += hash
        return (bytes, hash)
    }

    /// SHA-256 of the record without its own hash.
    package static func hash(of record: SwarmdAuditRecord) throws -> Data {
        var record = record
        record.hash = Data()
        // The message has no maps, so there is one way to write it.
        let bytes: [UInt8] = try record.serializedBytes()
        return Data(SHA256.hash(data: bytes))
    }
}
