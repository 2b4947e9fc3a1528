import GRPCCore

/// The requests of a call, for its handler.
struct RequestParts: AsyncSequence, Sendable {
    typealias Element = RPCRequestPart<MessageBytes>
    typealias Failure = any Error

    let call: Call

    struct AsyncIterator: AsyncIteratorProtocol {
        let call: Call

        mutating func next() async throws -> Element? { try await self.call.next() }

        mutating func next(isolation: isolated (any Actor)?) async throws -> Element? {
            try await self.call.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(call: self.call) }
}
