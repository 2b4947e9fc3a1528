import GRPCCore

/// Where a call's handler puts its answers.
struct ResponseWriter: ClosableRPCWriterProtocol {
    typealias Element = RPCResponsePart<MessageBytes>

    let call: Call

    func write(_ element: Element) async throws { try await self.call.write(element) }

    func write(contentsOf elements: some Sequence<Element>) async throws {
        for element in elements { try await self.call.write(element) }
    }

    /// The status ended the stream already.
    func finish() async {}

    func finish(throwing error: any Error) async { self.call.close() }
}
