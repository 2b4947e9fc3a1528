import GRPCCore
import SwarmAPI
import SwiftProtobuf

/// Whether a span of time can be taken.
enum DurationValidation {
    /// The longest span that SwarmKit can hold: 63 bits of nanoseconds, some 292 years.
    static let longest = Duration.nanoseconds(Int64.max)
    /// The shortest span of a health check that is not "none".
    static let shortestHealthSpan = Duration.milliseconds(1)

    /// Refuses spans below zero, with SwarmKit's words for the field.
    static func check(_ span: SwarmDuration, _ field: String) throws(RPCError) {
        guard try Self.read(span, field) >= .zero else { throw .invalid("\(field) cannot be negative") }
    }

    /// Refuses spans of a health check between zero and a millisecond, and below zero.
    static func checkHealth(_ span: SwarmDuration, _ field: String) throws(RPCError) {
        let value = try Self.read(span, field)
        guard value == .zero || value >= Self.shortestHealthSpan else {
            throw .invalid("ContainerSpec: \(field) in HealthConfig cannot be less than 1ms")
        }
    }

    /// The span, if SwarmKit's tools can hold it too.
    static func read(_ span: SwarmDuration, _ field: String) throws(RPCError) -> Duration {
        let signsAgree = span.seconds == 0 || span.nanos == 0 || (span.seconds < 0) == (span.nanos < 0)
        let value = Duration.seconds(span.seconds) + .nanoseconds(Int64(span.nanos))
        guard signsAgree, abs(Int64(span.nanos)) < 1_000_000_000,
            value <= Self.longest, value >= .zero - Self.longest
        else { throw .invalid("\(field): the duration is out of range") }
        return value
    }
}
