import GRPCCore
import SwarmRPC
import SwiftProtobuf

/// Writes and reads the messages of a call that is passed on, whatever their types: all are protobuf's.
struct ForwardedMessage<Message: Sendable>: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: Message) throws -> Bytes {
        guard let message = message as? any SwiftProtobuf.Message else { throw Self.foreign }
        let bytes: [UInt8] = try message.serializedBytes()
        return Bytes(bytes)
    }

    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> Message {
        guard let type = Message.self as? any SwiftProtobuf.Message.Type,
            let message = try type.init(serializedBytes: bytes.withUnsafeBytes { Array($0) }) as? Message
        else { throw Self.foreign }
        return message
    }

    private static var foreign: RPCError {
        RPCError(code: .internalError, message: "\(Message.self) can't be passed on to the leader")
    }
}

/// A call as it goes to the leader.
struct ForwardedCall<Input: Sendable, Output: Sendable>: Sendable {
    let descriptor: MethodDescriptor
    let metadata: Metadata
    let options: CallOptions

    /// Makes the call with one message, and returns its answer.
    func unary(_ message: Input, over client: ManagerConnection.Client) async throws -> Output {
        try await client.unary(
            request: ClientRequest(message: message, metadata: self.metadata),
            descriptor: self.descriptor,
            serializer: ForwardedMessage<Input>(),
            deserializer: ForwardedMessage<Output>(),
            options: self.options
        ) { response in try response.message }
    }

    /// Makes the call, hands on what comes from either side, and returns when the leader ends it.
    func stream(
        _ messages: RPCAsyncSequence<Input, any Error>,
        to writer: RPCWriter<Output>,
        over client: ManagerConnection.Client
    ) async throws {
        let request = StreamingClientRequest<Input>(metadata: self.metadata) { requests in
            for try await message in messages { try await requests.write(message) }
        }
        try await client.bidirectionalStreaming(
            request: request,
            descriptor: self.descriptor,
            serializer: ForwardedMessage<Input>(),
            deserializer: ForwardedMessage<Output>(),
            options: self.options
        ) { response in
            for try await message in response.messages { try await writer.write(message) }
        }
    }
}
