/// The answer to a request for a read index.
package struct ReadState: Sendable, Equatable {
    /// Once this is applied, the state machine is as new as it was when the request was made, or newer.
    package let index: UInt64
    /// The request's context.
    package let context: [UInt8]
}
