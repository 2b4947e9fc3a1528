/// Decides who may call what over the network.
///
/// Pure: the transport says whose certificate it verified, the store's newest committed state what the cluster
/// thinks of that node. SwarmKit looks at the certificate and at the list of removed nodes only (`ca/auth.go`);
/// here the node's role in the store counts too, so that a demoted manager loses its power at once.
package struct AccessRules: Sendable {
    /// Who calls.
    package enum Caller: Sendable, Equatable {
        /// Without a certificate.
        case stranger
        case node(NodeName)
        /// The certificate is good but for its end.
        case expired(NodeName)

        /// The name in the certificate.
        package var name: NodeName? {
            switch self {
            case .stranger: nil
            case .node(let name), .expired(let name): name
            }
        }
    }

    /// One call.
    package struct Call: Sendable, Equatable {
        /// With its package, "docker.swarmkit.v1.Control".
        package var service: String
        package var method: String
        /// Whose certificate the connection has.
        package var peer: Caller
        /// For whom the peer says it calls; nil when it calls for itself.
        package var forwarded: Caller?

        package init(service: String, method: String, peer: Caller, forwarded: Caller? = nil) {
            self.service = service
            self.method = method
            self.peer = peer
            self.forwarded = forwarded
        }
    }

    /// What this manager knows of the cluster.
    package struct Knowledge {
        /// The cluster's identifier, which certificates name.
        package var clusterID: String
        /// Whether a node of this identifier was removed.
        package var isRemoved: (String) -> Bool
        /// The role that the cluster gives a node; nil for a node that it does not have.
        package var role: (String) -> NodeName.Role?
        /// Whether `role` is to be believed.
        ///
        /// It is not where another manager decides about the call, or as long as this one has nothing of the
        /// cluster: it could refuse whom the others took in meanwhile.
        package var knowsNodes: Bool

        package init(
            clusterID: String,
            knowsNodes: Bool,
            isRemoved: @escaping (String) -> Bool,
            role: @escaping (String) -> NodeName.Role?
        ) {
            self.clusterID = clusterID
            self.knowsNodes = knowsNodes
            self.isRemoved = isRemoved
            self.role = role
        }
    }

    /// Whether `call` is let through.
    package static func decide(_ call: Call, _ knowledge: Knowledge) -> AccessDecision {
        guard let policy = RPCPolicy.of(path: call.service, call.method), policy.callers != .nobody else {
            return .refused(
                Refusal(
                    .unknownProcedure,
                    "Permission denied: \(call.service)/\(call.method) is not for callers on the network"
                )
            )
        }
        var caller = call.peer
        if let forwarded = call.forwarded {
            if let refusal = Self.refusalAsForwarder(call.peer, knowledge) { return .refused(refusal) }
            caller = forwarded
        }
        if policy.callers == .anyone { return Self.decideForAnyone(caller, policy, knowledge) }
        do throws(Refusal) {
            try Self.checkCertificate(caller, policy, knowledge)
            return .allowed(as: caller)
        } catch {
            return .refused(error)
        }
    }

    /// Whoever has no certificate that counts is a stranger, and may ask for one.
    ///
    /// So a node that was removed needs a token again, as in SwarmKit. An expired node may renew and no more.
    private static func decideForAnyone(
        _ caller: Caller,
        _ policy: RPCPolicy,
        _ knowledge: Knowledge
    ) -> AccessDecision {
        guard let name = caller.name, Self.isOfCluster(name, knowledge) else {
            return .allowed(as: .stranger)
        }
        guard case .expired = caller, !policy.isForExpired else { return .allowed(as: caller) }
        return .refused(Self.expired(name))
    }

    private static func isOfCluster(_ name: NodeName, _ knowledge: Knowledge) -> Bool {
        name.cluster == knowledge.clusterID && !knowledge.isRemoved(name.node)
    }

    private static func checkCertificate(
        _ caller: Caller,
        _ policy: RPCPolicy,
        _ knowledge: Knowledge
    ) throws(Refusal) {
        let name: NodeName
        switch caller {
        case .stranger:
            throw Refusal(.noCertificate, "Permission denied: no client certificates in request")
        case .expired(let expired): throw Self.expired(expired)
        case .node(let node): name = node
        }
        guard name.cluster == knowledge.clusterID else {
            throw Refusal(
                .otherCluster,
                "Permission denied: remote certificate not part of organization: \(knowledge.clusterID)"
            )
        }
        guard !knowledge.isRemoved(name.node) else {
            throw Refusal(.removedNode, "Permission denied: node \(name.node) was removed from swarm")
        }
        guard policy.callers != .managers || name.role == .manager else {
            throw Refusal(
                .wrongRole,
                "Permission denied: unauthorized peer role, expecting: [\(NodeName.Role.manager.rawValue)]"
            )
        }
        if knowledge.knowsNodes, !policy.isOfGroup { try Self.checkStore(name, policy, knowledge) }
    }

    private static func checkStore(
        _ name: NodeName,
        _ policy: RPCPolicy,
        _ knowledge: Knowledge
    ) throws(Refusal) {
        guard let role = knowledge.role(name.node) else {
            throw Refusal(.unknownNode, "Permission denied: node \(name.node) is not part of the swarm")
        }
        guard policy.callers != .managers || role == .manager else {
            throw Refusal(.demoted, "Permission denied: node \(name.node) is no longer a manager")
        }
    }

    /// Why `peer` may not call for others; nil if it may.
    private static func refusalAsForwarder(_ peer: Caller, _ knowledge: Knowledge) -> Refusal? {
        guard case .node(let name) = peer, name.role == .manager, Self.isOfCluster(name, knowledge),
            !knowledge.knowsNodes || knowledge.role(name.node) == .manager
        else {
            return Refusal(
                .forwarder,
                "Permission denied: unauthorized forwarder role, expecting: [swarm-manager]"
            )
        }
        return nil
    }

    private static func expired(_ name: NodeName) -> Refusal {
        Refusal(.expired, "Permission denied: the certificate of node \(name.node) has expired")
    }
}

/// What becomes of a call.
package enum AccessDecision: Sendable, Equatable {
    /// It is handled as the call of `as`: a certificate that does not count here makes a stranger of its holder.
    case allowed(as: AccessRules.Caller)
    case refused(Refusal)
}
