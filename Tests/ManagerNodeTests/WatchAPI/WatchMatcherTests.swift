import FoundationEssentials
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ManagerNode

@Suite struct WatchMatcherTests {
    private static func request(
        _ kind: String,
        _ action: Int = 7,
        _ filters: [SwarmSelectBy.OneOf_By] = []
    ) -> SwarmWatchRequest {
        .with {
            $0.entries = [
                .with {
                    $0.kind = kind
                    $0.action = SwarmWatchActionKind(rawValue: action) ?? .watchActionUnknown
                    $0.filters = filters.map { by in .with { $0.by = by } }
                }
            ]
        }
    }

    private static let task = StoreValue.task(
        .with {
            $0.id = "t1"
            $0.serviceID = "s1"
            $0.slot = 2
            $0.nodeID = "n1"
            $0.desiredState = .running
            $0.annotations.name = "web.2"
            $0.annotations.indices = [
                .with {
                    $0.key = "stack"
                    $0.val = "shop"
                }
            ]
        }
    )
    private static let node = StoreValue.node(
        .with {
            $0.id = "n1"
            $0.description_p.hostname = "alpha"
            $0.role = .manager
            $0.spec.membership = .accepted
        }
    )
    private static let resource = StoreValue.resource(
        .with {
            $0.id = "r1"
            $0.kind = "widget"
            $0.annotations.name = "w"
        }
    )

    private static func custom(_ index: String, _ value: String) -> SwarmSelectByCustom {
        .with {
            $0.index = index
            $0.value = value
        }
    }

    private static func slot(_ service: String, _ slot: UInt64) -> SwarmSelectBySlot {
        .with {
            $0.serviceID = service
            $0.slot = slot
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let kind: String
        let filters: [SwarmSelectBy.OneOf_By]
        let value: StoreValue
        let expected: Bool
        var testDescription: String { "\(self.kind) \(self.filters)" }

        init(_ kind: String, _ filters: [SwarmSelectBy.OneOf_By], _ value: StoreValue, _ expected: Bool) {
            self.kind = kind
            self.filters = filters
            self.value = value
            self.expected = expected
        }
    }

    static let cases: [Case] = [
        .init("task", [], Self.task, true), .init("node", [], Self.task, false),
        .init("task", [.id("t1")], Self.task, true), .init("task", [.id("t")], Self.task, false),
        .init("task", [.idPrefix("t")], Self.task, true),
        .init("task", [.name("web.2")], Self.task, true), .init("task", [.name("web")], Self.task, false),
        .init("task", [.namePrefix("web")], Self.task, true),
        .init("task", [.serviceID("s1")], Self.task, true),
        .init("task", [.serviceID("s2")], Self.task, false),
        .init("task", [.nodeID("n1")], Self.task, true), .init("task", [.nodeID("n")], Self.task, false),
        .init("task", [.slot(Self.slot("s1", 2))], Self.task, true),
        .init("task", [.slot(Self.slot("s1", 1))], Self.task, false),
        .init("task", [.slot(Self.slot("s2", 2))], Self.task, false),
        .init("task", [.desiredState(.running)], Self.task, true),
        .init("task", [.desiredState(.shutdown)], Self.task, false),
        .init("task", [.custom(Self.custom("stack", "shop"))], Self.task, true),
        .init("task", [.custom(Self.custom("stack", "sh"))], Self.task, false),
        .init("task", [.customPrefix(Self.custom("stack", "sh"))], Self.task, true),
        .init("task", [.serviceID("s1"), .nodeID("n2")], Self.task, false),
        .init("node", [.name("alpha")], Self.node, true),
        .init("node", [.role(.manager)], Self.node, true), .init("node", [.role(.worker)], Self.node, false),
        .init("node", [.membership(.accepted)], Self.node, true),
        .init("node", [.membership(.pending)], Self.node, false),
        .init("widget", [], Self.resource, true), .init("gadget", [], Self.resource, false),
        .init("widget", [.kind("widget"), .name("w")], Self.resource, true),
    ]

    @Test(arguments: Self.cases)
    func `an object is matched by kind and by every filter`(_ example: Case) throws {
        let matcher = try WatchMatcher(Self.request(example.kind, 7, example.filters))
        #expect((matcher.event(of: .create(example.value)) != nil) == example.expected)
    }

    @Test(arguments: [
        (Self.request(""), WatchRequestError.noKind),
        (Self.request("task", 0), .unrecognizedAction(0)), (Self.request("task", 8), .unrecognizedAction(8)),
        (Self.request("task", 1, [.id("a"), .idPrefix("b")]), .conflictingFilters("id")),
        (Self.request("task", 1, [.name("a"), .name("b")]), .conflictingFilters("name")),
        (Self.request("task", 1, [.slot(.init()), .serviceID("s")]), .conflictingFilters("service")),
        (Self.request("node", 1, [.role(.worker), .role(.manager)]), .conflictingFilters("role")),
        (Self.request("node", 1, [.serviceID("s")]), .unsupportedFilter("service_id", kind: "node")),
        (Self.request("task", 1, [.role(.worker)]), .unsupportedFilter("role", kind: "task")),
    ])
    func `a request that cannot be meant is refused`(
        _ request: SwarmWatchRequest,
        _ expected: WatchRequestError
    ) {
        #expect(throws: expected) { try WatchMatcher(request) }
    }

    @Test func `actions are a set of bits`() throws {
        let changes: [StoreChange] = [
            .create(Self.task), .update(Self.task, old: Self.task), .remove(Self.task),
        ]
        for action in 1...7 {
            let matcher = try WatchMatcher(Self.request("task", action))
            let seen = changes.compactMap { matcher.event(of: $0)?.action.rawValue }
            #expect(seen == [1, 2, 4].filter { action & $0 != 0 })
        }
    }

    @Test func `the old object comes only if it is asked for, and only with updates`() throws {
        var request = Self.request("task")
        let update = StoreChange.update(Self.task, old: Self.task)
        #expect(try WatchMatcher(request).event(of: update)?.hasOldObject == false)
        request.includeOldObject = true
        let matcher = try WatchMatcher(request)
        #expect(matcher.event(of: update)?.oldObject == SwarmObject(Self.task))
        #expect(matcher.event(of: .remove(Self.task))?.hasOldObject == false)
        #expect(matcher.event(of: .remove(Self.task))?.object == SwarmObject(Self.task))
    }

    @Test func `a change that two entries ask for comes once`() throws {
        var request = Self.request("task")
        request.entries += request.entries
        let commit = Commit(index: 1, changes: [.create(Self.task), .create(Self.node)], state: StoreState())
        #expect(try WatchMatcher(request).events(of: commit).count == 1)
    }

    @Test func `a secret is seen without its data`() throws {
        let secret = StoreValue.secret(.with { $0.spec.data = Data([1]) })
        let event = try WatchMatcher(Self.request("secret")).event(of: .create(secret))
        #expect(event?.object.object == .secret(.with { $0.spec.data = Data() }))
    }
}
