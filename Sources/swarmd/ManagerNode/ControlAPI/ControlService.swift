import LinuxSystem
package import Primitives
package import ReplicatedStore
import StoreCore
package import SwarmAPI
import SwarmRPC
import GRPCCore

/// The Control API: what operators' clients read and change (SwarmKit `manager/controlapi`).
///
/// Each call checks its request with pure functions, then runs one transaction; a call that fails leaves
/// the store as it was. Codes and texts are SwarmKit's where clients know them (`wire/protocol.md` §4).
/// Handlers stand in one extension per kind of object.
package struct ControlService: SwarmControl.SimpleServiceProtocol {
    let store: ReplicatedStore
    /// The group's members as this manager sees them, itself included.
    let members: @Sendable () async -> [SwarmRaftMember]
    let now: @Sendable () -> Timestamp
    let makeIdentifier: @Sendable () -> String
    /// Asks servers that keep the root's key; nil where this manager has no certificate to show them.
    let servers: ExternalAuthorityClient?

    /// Serves `store`.
    ///
    /// `members` gives the managers' group, which nodes' answers carry and demotion checks; `now` and
    /// `makeIdentifier` stamp and name new objects; `servers` asks external certificate authorities.
    package init(
        store: ReplicatedStore,
        members: @escaping @Sendable () async -> [SwarmRaftMember],
        now: @escaping @Sendable () -> Timestamp,
        makeIdentifier: @escaping @Sendable () -> String = ControlService.randomIdentifier,
        servers: ExternalAuthorityClient? = nil
    ) {
        self.store = store
        self.members = members
        self.now = now
        self.makeIdentifier = makeIdentifier
        self.servers = servers
    }

    /// A fresh identifier of the system's randomness.
    package static func randomIdentifier() -> String {
        var generator = PooledRandomness()
        return Identifier.make(using: &generator)
    }

    /// A committed state that is not older than the call (architecture D7).
    var state: StoreState {
        get async throws {
            try await RPCError.onWire { try await self.store.linearizable().state }
        }
    }

    /// Runs `body` as one transaction, and says in gRPC's words why it was refused.
    func commit<Result: Sendable>(
        _ body: @Sendable (inout Transaction) throws -> Result
    ) async throws -> Result {
        do {
            return try await self.store.update(body)
        } catch let error as StoreError {
            throw RPCError(error)
        } catch let error as ProposalError {
            throw await self.refusal(error)
        }
    }

    /// What the caller hears; a manager that does not lead names the one that does.
    private func refusal(_ error: ProposalError) async -> RPCError {
        var refusal = RPCError(error)
        guard error == .notLeader else { return refusal }
        let leader = await self.members().first { $0.status.leader }
        refusal.message +=
            leader.map { ": the leader is \($0.nodeID) at \($0.addr)" } ?? ": there is no leader now"
        return refusal
    }

    /// The object with `id`, or NOT_FOUND in SwarmKit's words.
    func find<Object: StoreObject>(_ id: String, in state: StoreState, field: String) throws -> Object {
        guard !id.isEmpty else { throw RPCError.missing(field) }
        guard let object = state[keyPath: Object.table][id] else {
            throw RPCError.notFound(Object.kind, id)
        }
        return object
    }
}

extension Transaction {
    /// The object with `id` as this transaction sees it, or NOT_FOUND in SwarmKit's words.
    func find<Object: StoreObject>(_ id: String) throws -> Object {
        guard let object = self.state[keyPath: Object.table][id] else {
            throw RPCError.notFound(Object.kind, id)
        }
        return object
    }

    /// Writes `object` and returns it with its new version.
    mutating func replace<Object: StoreObject>(_ object: Object) throws -> Object {
        try self.update(object)
        return try self.find(object.id)
    }

    /// Adds `object` and returns it with its version.
    mutating func add<Object: StoreObject>(_ object: Object) throws -> Object {
        try self.create(object)
        return try self.find(object.id)
    }
}
