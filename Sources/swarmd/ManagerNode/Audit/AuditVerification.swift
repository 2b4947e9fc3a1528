package import Foundation
package import SwarmAPI
import SwiftProtobuf

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
        /// The first record that is left is not the first of all, and no record says where the others are.
        case noTrustedStart(UInt64)
        /// The daemon found, when it started, that records before this one were altered.
        case damaged(before: UInt64, place: String, String)

        package var description: String {
            switch self {
            case .altered(let sequence): "record \(sequence) was altered: its hash does not fit"
            case .unbound(let sequence):
                "record \(sequence) does not follow the one before it: one of the two was replaced"
            case .gap(let last, let next):
                next > last
                    ? "the records between \(last) and \(next) are missing"
                    : "record \(next) comes after record \(last): its number was given twice"
            case .noBeginning: "record 1 does not begin the chain"
            case .noTrustedStart(let first):
                "the records before \(first) are missing, and no record says that they were removed for their age"
            case .damaged(let sequence, let place, let text):
                "record \(sequence) tells of \(place): \(text); `--from \(sequence &+ 1)` checks what follows"
            }
        }
    }

    /// The newest record that was taken in; zero before the first.
    package private(set) var sequence: UInt64 = 0
    /// Its hash, which proves all before it to whoever kept it.
    package private(set) var hash = Data()
    /// How many records were taken in.
    package private(set) var count = 0
    /// The records that a crash tore, of which nothing is left but that.
    package private(set) var torn: [UInt64] = []
    /// Where the records begin; nil before the first, and for who went on from a known place.
    private var start: Start?

    /// A first record, and whether it is known why none stands before it.
    private struct Start: Equatable {
        let sequence: UInt64
        let previous: Data
        var isTrusted: Bool
    }

    package init() {}

    /// Goes on after the record `sequence`, which has `hash`.
    init(after sequence: UInt64, _ hash: Data) { (self.sequence, self.hash) = (sequence, hash) }

    /// Takes in the next record; throws where it does not fit, or tells that others before it did not.
    ///
    /// The first one may have any number: older ones are removed in time, which `finish` looks into.
    package mutating func take(_ record: SwarmdAuditRecord) throws {
        if self.count == 0 { try self.begin(record) }
        try self.follow(record)
        if AuditNote.tellsOfDamage(record) {
            throw Break.damaged(before: record.sequence, place: record.object, record.message)
        }
    }

    /// Throws where nobody can tell why records are missing before the first one.
    package func finish() throws(Break) {
        guard let start = self.start, !start.isTrusted else { return }
        throw .noTrustedStart(start.sequence)
    }

    private mutating func begin(_ record: SwarmdAuditRecord) throws {
        if record.sequence == 1, record.previous != AuditChain.beginning { throw Break.noBeginning }
        self.start = Start(
            sequence: record.sequence,
            previous: record.previous,
            isTrusted: record.sequence <= 1
        )
        (self.sequence, self.hash) = (record.sequence &- 1, record.previous)
    }

    /// Takes in the next record, also one that tells of damage before it; throws where it does not fit.
    mutating func follow(_ record: SwarmdAuditRecord) throws {
        guard try AuditChain.hash(of: record) == record.hash else { throw Break.altered(record.sequence) }
        guard record.sequence == self.sequence &+ 1 || self.isLeap(record) else {
            throw Break.gap(after: self.sequence, next: record.sequence)
        }
        guard record.previous == self.hash else { throw Break.unbound(record.sequence) }
        if record.sequence > self.sequence &+ 1, AuditNote.tellsOfTear(record) {
            self.torn.append(self.sequence &+ 1)
        }
        if let start, AuditNote.explains(record, start: start.sequence, start.previous) {
            self.start?.isTrusted = true
        }
        self.sequence = record.sequence
        self.hash = record.hash
        self.count += 1
    }

    /// Whether `record` tells itself why its number is not the next.
    private func isLeap(_ record: SwarmdAuditRecord) -> Bool {
        AuditNote.tellsOfTear(record) && record.sequence == self.sequence &+ 2
            || AuditNote.tellsOfDamage(record) && record.sequence > self.sequence
    }
}
