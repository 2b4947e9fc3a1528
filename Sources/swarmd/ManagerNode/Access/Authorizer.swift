package import GRPCCore
package import Logging
package import Primitives
package import StoreCore
import SwarmAPI
import SwarmRPC
import Trust

/// Lets those calls of the network through that `AccessRules` allow, with the caller that they are to be taken for.
///
/// It runs on every heartbeat, and so does not wait for anything. What only a manager may say of others' calls is
/// read here and taken out, whoever said it.
package struct Authorizer: ServerInterceptor {
    /// What the rules have to know of this manager.
    package struct Sources: Sendable {
        /// The cluster that this manager's certificate names.
        package var clusterID: String
        /// The newest committed state.
        package var state: @Sendable () -> StoreState
        /// Whether this manager leads.
        package var isLeader: @Sendable () -> Bool

        package init(
            clusterID: String,
            state: @escaping @Sendable () -> StoreState,
            isLeader: @escaping @Sendable () -> Bool
        ) {
            self.clusterID = clusterID
            self.state = state
            self.isLeader = isLeader
        }
    }

    private let sources: Sources
    private let counters: RefusalCounters
    private let mentions: RefusalMentions

    /// Decides by `sources`; refusals go to `counters`, and now and then to `log`.
    package init(
        sources: Sources,
        counters: RefusalCounters,
        now: @escaping @Sendable () -> Timestamp,
        log: Logger
    ) {
        self.sources = sources
        self.counters = counters
        self.mentions = RefusalMentions(log: log, now: now)
    }

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next: Handling<Input, Output>
    ) async throws -> StreamingServerResponse<Output> {
        let peer = context.peer
        let shown = AccessRules.Caller(peer.caller)
        let call = AccessRules.Call(
            service: context.descriptor.service.fullyQualifiedService,
            method: context.descriptor.method,
            peer: shown,
            forwarded: ForwardedMetadata.caller(in: request.metadata)
        )
        switch AccessRules.decide(call, self.knowledge(for: call)) {
        case .refused(let refusal):
            self.counters.count(refusal.reason)
            self.mentions.tell(
                refusal,
                method: context.descriptor.fullyQualifiedMethod,
                peer: context.remotePeer
            )
            throw RPCError(refusal)
        case .allowed(as: let caller):
            var (request, context) = (request, context)
            var identity = PeerIdentity(PeerIdentity.Caller(caller), host: peer.host)
            if call.forwarded != nil {
                identity.forwarder = shown.name?.node
                identity.host = ForwardedMetadata.host(in: request.metadata)
            }
            context.transportSpecific = identity
            let isManager = shown.name?.role == .manager
            ForwardedMetadata.strip(&request.metadata, keepingRedirect: isManager)
            return try await next(request, context)
        }
    }

    private func knowledge(for call: AccessRules.Call) -> AccessRules.Knowledge {
        let state = self.sources.state()
        let cluster = state.clusters.first
        // Where the leader is to handle the call, it also decides: it may know of nodes that are new here.
        let isPassedOn =
            RPCPolicy.of(path: call.service, call.method)?.forwarded.contains(.remote) ?? false
            && !self.sources.isLeader()
        return AccessRules.Knowledge(
            clusterID: self.sources.clusterID,
            knowsNodes: cluster != nil && !isPassedOn,
            isRemoved: { cluster?.blacklistedCertificates[$0] != nil },
            role: { state.nodes[$0].map { $0.role == .manager ? .manager : .worker } }
        )
    }
}

extension RPCError {
    /// What a caller hears that is refused.
    init(_ refusal: Refusal) {
        switch refusal.code {
        case .permissionDenied: self.init(code: .permissionDenied, message: refusal.message)
        case .resourceExhausted: self.init(code: .resourceExhausted, message: refusal.message)
        }
    }
}

extension AccessRules.Caller {
    /// The caller as the rules see it; who may open the local socket is none of theirs.
    init(_ caller: PeerIdentity.Caller) {
        switch caller {
        case .stranger, .local: self = .stranger
        case .node(let name): self = .node(name)
        case .expired(let name): self = .expired(name)
        }
    }
}

extension PeerIdentity.Caller {
    init(_ caller: AccessRules.Caller) {
        switch caller {
        case .stranger: self = .stranger
        case .node(let name): self = .node(name)
        case .expired(let name): self = .expired(name)
        }
    }
}
