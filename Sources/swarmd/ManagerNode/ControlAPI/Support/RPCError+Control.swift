import GRPCCore
import StoreCore

extension RPCError {
    /// A request without a field that the call needs.
    static func missing(_ field: String) -> RPCError {
        RPCError(code: .invalidArgument, message: "invalid argument: \(field) must be given")
    }

    static func invalid(_ message: String) -> RPCError {
        RPCError(code: .invalidArgument, message: message)
    }

    static func precondition(_ message: String) -> RPCError {
        RPCError(code: .failedPrecondition, message: message)
    }

    static func unimplemented(_ message: String) -> RPCError {
        RPCError(code: .unimplemented, message: message)
    }

    static func notFound(_ kind: ObjectKind, _ id: String) -> RPCError {
        RPCError(code: .notFound, message: "\(kind.rawValue) \(id) not found")
    }

    /// What a client hears when the store refuses a change.
    ///
    /// SwarmKit's store errors are plain Go errors, which gRPC sends as UNKNOWN; clients match the text
    /// "update out of sequence".
    init(_ error: StoreError) {
        switch error {
        case .notFound(let kind, let id): self = .notFound(kind, id)
        case .exists(let kind, let id):
            self.init(code: .alreadyExists, message: "object already exists: \(kind.rawValue) \(id)")
        case .nameConflict: self.init(code: .unknown, message: Self.nameConflictText)
        case .outOfSequence: self.init(code: .unknown, message: "update out of sequence")
        }
    }

    /// The words that SwarmKit's clients look for.
    static var nameConflictText: String { "name conflicts with an existing object" }
}
