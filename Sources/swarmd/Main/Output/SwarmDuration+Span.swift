import SwarmAPI

extension SwarmDuration {
    /// The span as the standard library has it.
    ///
    /// Here, and not where it is used: SwiftProtobuf offers the same conversion, and beside its import the two
    /// are ambiguous.
    var span: Duration { Duration(self) }
}
