import Dispatching
import StoreCore
import SwarmAPI
import SwiftProtobuf
import Testing

struct LogRouterTests {
    /// The actions, one line each.
    private func lines(_ actions: [LogRouter.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .tell(let node, let message): "\(node) \(message.close ? "close" : "publish") \(message.id)"
            case .finish(let id, let warning): "finish \(id) \(warning ?? "")"
            }
        }
    }

    private func selector(service: String = "", node: String = "", task: String = "") -> SwarmLogSelector {
        .with {
            $0.serviceIds = service.isEmpty ? [] : [service]
            $0.nodeIds = node.isEmpty ? [] : [node]
            $0.taskIds = task.isEmpty ? [] : [task]
        }
    }

    private func router(_ nodes: String...) -> LogRouter {
        var router = LogRouter()
        for node in nodes { _ = router.listens(node: node) }
        return router
    }

    private static let warning =
        "warning: incomplete log stream. some logs could not be retrieved for the following reasons: "

    @Test func `each node with tasks of the service is told once, and told to close`() throws {
        var fixture = Fixture()
        try fixture.addTask("t1", node: "n1")
        try fixture.addTask("t2", node: "n2")
        try fixture.addTask("t3", node: "n2")
        try fixture.addTask("t4", node: "n3", service: "other")
        var router = self.router("n1", "n2", "n3")
        let told = router.subscribe(
            id: "x",
            selector: self.selector(service: "s1"),
            options: .init(),
            on: fixture.state
        )
        #expect(self.lines(told) == ["n1 publish x", "n2 publish x"])
        #expect(router.done(node: "n1", subscription: "x", failure: nil).isEmpty)
        #expect(self.lines(router.done(node: "n2", subscription: "x", failure: nil)) == ["finish x "])
        #expect(self.lines(router.unsubscribe(id: "x")) == ["n1 close x", "n2 close x"])
        #expect(!router.isOpen("x"))
    }

    @Test func `a selector of nodes and tasks finds their nodes`() throws {
        var fixture = Fixture()
        try fixture.addTask("t1", node: "n1")
        var router = self.router("n1", "n2")
        let byTask = router.subscribe(
            id: "x",
            selector: self.selector(task: "t1"),
            options: .init(),
            on: fixture.state
        )
        let byNode = router.subscribe(
            id: "y",
            selector: self.selector(node: "n2"),
            options: .init(),
            on: fixture.state
        )
        #expect(self.lines(byTask + byNode) == ["n1 publish x", "n2 publish y"])
    }

    @Test func `what is missing is said at the end`() throws {
        var fixture = Fixture()
        try fixture.addTask("t1", node: "n1")
        try fixture.addTask("t2", node: "n2")
        try fixture.addTask("t3", node: "", .pending)
        var router = self.router("n1")
        let told = router.subscribe(
            id: "x",
            selector: self.selector(service: "s1"),
            options: .init(),
            on: fixture.state
        )
        #expect(self.lines(told) == ["n1 publish x"])
        let reasons =
            "node n2 is not available, node n1 disconnected unexpectedly, task t3 has not been scheduled"
        #expect(self.lines(router.left(node: "n1")) == ["finish x " + Self.warning + reasons])
    }

    @Test func `nothing to wait for ends at once`() {
        var router = LogRouter()
        let told = router.subscribe(
            id: "x",
            selector: self.selector(service: "none"),
            options: .init(),
            on: Fixture().state
        )
        #expect(self.lines(told) == ["finish x "])
    }

    @Test func `following never ends, and reaches nodes as tasks appear`() throws {
        var fixture = Fixture()
        try fixture.addTask("t1", node: "n1")
        var router = self.router("n1", "n2")
        _ = router.subscribe(
            id: "x",
            selector: self.selector(service: "s1"),
            options: .with { $0.follow = true },
            on: fixture.state
        )
        #expect(router.done(node: "n1", subscription: "x", failure: nil).isEmpty)
        try fixture.addTask("t2", node: "n2")
        let task = try #require(fixture.state.tasks["t2"])
        #expect(self.lines(router.observe(task)) == ["n2 publish x"])
        #expect(router.observe(task).isEmpty, "told once")
        _ = router.left(node: "n2")
        #expect(self.lines(router.listens(node: "n2")) == ["n2 publish x"], "told again when it is back")
    }

    @Test func `one that does not follow takes no new nodes`() throws {
        var fixture = Fixture()
        try fixture.addTask("t1", node: "n1")
        var router = self.router("n1", "n2")
        _ = router.subscribe(
            id: "x",
            selector: self.selector(service: "s1"),
            options: .init(),
            on: fixture.state
        )
        try fixture.addTask("t2", node: "n2")
        #expect(router.observe(try #require(fixture.state.tasks["t2"])).isEmpty)
    }
}
