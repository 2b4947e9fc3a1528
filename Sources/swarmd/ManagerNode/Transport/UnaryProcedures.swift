package import GRPCCore
import GRPCProtobuf
package import Serving
import SwiftProtobuf

/// The procedures with one request and one answer that a set of services handles without gRPC's machinery
/// (docs/decisions/0016).
package struct UnaryProcedures: Sendable {
    private let isOpen: @Sendable () -> Bool
    private var handlers: [MethodDescriptor: UnaryHandler] = [:]

    /// None; those that are added count while `isOpen` says so, and else go gRPC's way.
    package init(while isOpen: @escaping @Sendable () -> Bool = { true }) { self.isOpen = isOpen }

    /// What handles `method` at this moment; nil where gRPC is to.
    package subscript(method: MethodDescriptor) -> UnaryHandler? {
        guard let handler = self.handlers[method], self.isOpen() else { return nil }
        return handler
    }

    /// Has `body` handle `method`.
    mutating func add<Input: Message, Output: Message>(
        _ method: MethodDescriptor,
        _ body: @escaping @Sendable (Input, ServerContext) async throws -> Output
    ) {
        self.handlers[method] = { request, _, context in
            let input = try ProtobufDeserializer<Input>().deserialize(request)
            return try await ProtobufSerializer<Output>().serialize(body(input, context))
        }
    }
}
