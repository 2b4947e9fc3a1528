import Testing
import Trust

/// Every procedure with every sort of caller.
@Suite struct AccessRulesTests {
    private static let cluster = "c1"

    /// Who calls.
    enum Sort: String, CaseIterable, Sendable {
        case stranger, worker, manager, otherCluster, removed, expired, demoted, unknown
    }

    /// What may come of it.
    private enum Outcome: Equatable {
        case allowed
        case asStranger
        case refused(Refusal.Reason)

        init(_ decision: AccessDecision, _ caller: AccessRules.Caller) {
            switch decision {
            case .allowed(as: caller): self = .allowed
            case .allowed: self = .asStranger
            case .refused(let refusal): self = .refused(refusal.reason)
            }
        }
    }

    private static func caller(_ sort: Sort) -> AccessRules.Caller {
        func name(_ node: String, _ role: NodeName.Role, in cluster: String = Self.cluster) -> NodeName {
            NodeName(cluster: cluster, role: role, node: node)
        }
        return switch sort {
        case .stranger: .stranger
        case .worker: .node(name("worker", .worker))
        case .manager: .node(name("manager", .manager))
        case .otherCluster: .node(name("manager", .manager, in: "c2"))
        case .removed: .node(name("removed", .manager))
        case .expired: .expired(name("manager", .manager))
        case .demoted: .node(name("demoted", .manager))
        case .unknown: .node(name("unknown", .manager))
        }
    }

    private static func knowledge(knowsNodes: Bool = true) -> AccessRules.Knowledge {
        let roles: [String: NodeName.Role] = [
            "manager": .manager, "worker": .worker, "demoted": .worker, "removed": .manager,
        ]
        return AccessRules.Knowledge(
            clusterID: Self.cluster,
            knowsNodes: knowsNodes,
            isRemoved: { $0 == "removed" },
            role: { roles[$0] }
        )
    }

    private static func decide(
        _ row: AccessTable.Row,
        _ peer: AccessRules.Caller,
        for forwarded: AccessRules.Caller? = nil,
        knowsNodes: Bool = true
    ) -> AccessDecision {
        AccessRules.decide(
            AccessRules.Call(
                service: "docker.swarmkit.v1.\(row.service)",
                method: row.method,
                peer: peer,
                forwarded: forwarded
            ),
            Self.knowledge(knowsNodes: knowsNodes)
        )
    }

    /// What each sort of caller gets of procedures of one kind, in the order of `Sort`.
    private static func outcomes(_ row: AccessTable.Row) -> [Outcome] {
        switch (row.callers, row.service) {
        case ("anyone", "NodeCA"):
            [.allowed, .allowed, .allowed, .asStranger, .asStranger, .allowed, .allowed, .allowed]
        case ("anyone", _):
            [
                .allowed, .allowed, .allowed, .asStranger, .asStranger, .refused(.expired), .allowed,
                .allowed,
            ]
        case ("nodes", _):
            [
                .refused(.noCertificate), .allowed, .allowed, .refused(.otherCluster),
                .refused(.removedNode), .refused(.expired), .allowed, .refused(.unknownNode),
            ]
        case ("managers", "Raft"), ("managers", "Health"):
            // The group itself knows who belongs to it.
            [
                .refused(.noCertificate), .refused(.wrongRole), .allowed, .refused(.otherCluster),
                .refused(.removedNode), .refused(.expired), .allowed, .allowed,
            ]
        default:
            [
                .refused(.noCertificate), .refused(.wrongRole), .allowed, .refused(.otherCluster),
                .refused(.removedNode), .refused(.expired), .refused(.demoted), .refused(.unknownNode),
            ]
        }
    }

    @Test(arguments: AccessTable.rows)
    func `each sort of caller gets what it may have`(row: AccessTable.Row) {
        for (sort, expected) in zip(Sort.allCases, Self.outcomes(row)) {
            let caller = Self.caller(sort)
            #expect(Outcome(Self.decide(row, caller), caller) == expected, "\(sort)")
        }
    }

    @Test(arguments: AccessTable.rows)
    func `a manager passes on what its caller may do, and no more`(row: AccessTable.Row) {
        for (sort, expected) in zip(Sort.allCases, Self.outcomes(row)) {
            let caller = Self.caller(sort)
            let decision = Self.decide(row, Self.caller(.manager), for: caller)
            #expect(Outcome(decision, caller) == expected, "\(sort)")
        }
    }

    @Test(arguments: Sort.allCases.filter { $0 != .manager })
    func `nobody but a manager calls for others`(sort: Sort) {
        for row in AccessTable.rows {
            let decision = Self.decide(row, Self.caller(sort), for: Self.caller(.manager))
            #expect(Outcome(decision, .stranger) == .refused(.forwarder), "\(row.testDescription)")
        }
    }

    @Test(arguments: AccessTable.rows)
    func `where another manager decides, the own list of nodes refuses nobody`(row: AccessTable.Row) {
        for sort in [Sort.demoted, .unknown] {
            let caller = Self.caller(sort)
            #expect(Outcome(Self.decide(row, caller, knowsNodes: false), caller) == .allowed, "\(sort)")
        }
        let removed = Self.decide(row, Self.caller(.removed), knowsNodes: false)
        #expect(Outcome(removed, Self.caller(.removed)) != .allowed)
    }

    @Test func `what is for the local socket only is refused to managers`() {
        for (service, method) in RPCPolicy.allOwn {
            let call = AccessRules.Call(
                service: "swarmd.v1.\(service)",
                method: method,
                peer: Self.caller(.manager)
            )
            let decision = AccessRules.decide(call, Self.knowledge())
            let forManagers = [
                "Replication.Exchange", "Console.Status", "Console.TransferLeadership",
                "Maintenance.RepairCluster",
            ]
            let isForManagers = forManagers.contains("\(service).\(method)")
            let expected: Outcome = isForManagers ? .allowed : .refused(.unknownProcedure)
            #expect(Outcome(decision, Self.caller(.manager)) == expected, "\(service).\(method)")
        }
    }

    @Test(arguments: ["swarmd.v1.Control", "docker.swarmkit.v1.Replication", "Control", "", "x.Control"])
    func `a service of another name is refused`(service: String) {
        let call = AccessRules.Call(service: service, method: "GetNode", peer: Self.caller(.manager))
        let decision = AccessRules.decide(call, Self.knowledge())
        #expect(Outcome(decision, Self.caller(.manager)) == .refused(.unknownProcedure))
    }

    @Test func `the rules are SwarmKit's for every procedure`() throws {
        #expect(AccessTable.rows.count == 65)
        for row in AccessTable.rows {
            let policy = try #require(RPCPolicy.of(row.service, row.method))
            #expect("\(policy.callers)" == row.callers, "\(row.testDescription)")
            #expect(policy.isLocal == row.isLocal, "\(row.testDescription)")
            let forwarded = Set(policy.forwarded.map { "\($0)" })
            #expect(forwarded == row.forwarded, "\(row.testDescription)")
        }
    }

    @Test func `the committed table is that of the notes on the protocol`() throws {
        guard let noted = try AccessTable.noted() else { return }
        #expect(Set(noted) == Set(AccessTable.rows))
    }
}
