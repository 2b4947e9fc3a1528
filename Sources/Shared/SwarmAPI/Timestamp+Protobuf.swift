package import Primitives
public import SwiftProtobuf

/// A moment on the wire.
public typealias SwarmTimestamp = Google_Protobuf_Timestamp
/// A span of time on the wire.
public typealias SwarmDuration = Google_Protobuf_Duration

extension Timestamp {
    /// The moment in its wire form.
    package var protobuf: SwarmTimestamp {
        let (seconds, rest) = self.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return .with {
            $0.seconds = rest < 0 ? seconds - 1 : seconds
            $0.nanos = Int32(rest < 0 ? rest + 1_000_000_000 : rest)
        }
    }

    /// The moment that a wire message gives; moments beyond 1677..2262 are cut to that range.
    package init(_ message: SwarmTimestamp) {
        let (scaled, overflow) = message.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else {
            self.init(nanoseconds: message.seconds < 0 ? .min : .max)
            return
        }
        let (sum, overflowed) = scaled.addingReportingOverflow(Int64(message.nanos))
        self.init(nanoseconds: overflowed ? (scaled < 0 ? .min : .max) : sum)
    }
}

extension Duration {
    /// The span in its wire form.
    package var protobuf: SwarmDuration {
        .with {
            $0.seconds = self.components.seconds
            $0.nanos = Int32(self.components.attoseconds / 1_000_000_000)
        }
    }

    /// The span that a wire message gives.
    package init(_ message: SwarmDuration) {
        self = .seconds(message.seconds) + .nanoseconds(Int64(message.nanos))
    }
}
