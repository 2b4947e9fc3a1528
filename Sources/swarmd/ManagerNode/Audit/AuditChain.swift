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

/// Follows a chain of records from wherever it starts, and finds where it is broken.
package struct AuditVerification: Sendable, Equatable {
    /// How a chain can be broken.
    package enum Break: Error, Sendable, Equatable, CustomStringConvertible {
        /// What the record says is not what its hash was made of.
        case altered(UInt64)
        /// The record was not made after the one that stands before it.
        case unbound(UInt64)
        /// Records are missing before this one.
        case gap(after: UInt64, next: UInt64)
        /// The first record is not where all that is left must begin.
        case noBeginning

        package var description: String {
            switch self {
            case .altered(let sequence): "record \(sequence) was altered: its hash does not fit"
            case .unbound(let sequence):
                "record \(sequence) does not follow the one before it: one of the two was replaced"
            case .gap(let last, let next): "the records between \(last) and \(next) are missing"
            case .noBeginning: "record 1 does not begin the chain"
            }
        }
    }

    /// The newest record that was taken in; zero before the first.
    package private(set) var sequence: UInt64 = 0
    /// Its hash, which proves all before it to whoever kept it.
    package private(set) var hash = Data()
    /// How many records were taken in.
    package private(set) var count = 0

    package init() {}

    /// Takes in the next record; throws where it does not fit.
    ///
    /// The first one may have any number: older ones are removed in time.
    package mutating func take(_ record: SwarmdAuditRecord) throws {
        guard try AuditChain.hash(of: record) == record.hash else { throw Break.altered(record.sequence) }
        if self.count > 0 {
            guard record.sequence == self.sequence + 1 else {
                throw Break.gap(after: self.sequence, next: record.sequence)
            }
            guard record.previous == self.hash else { throw Break.unbound(record.sequence) }
        } else if record.sequence == 1, record.previous != AuditChain.beginning {
            throw Break.noBeginning
        }
        self.sequence = record.sequence
        self.hash = record.hash
        self.count += 1
    }
}
