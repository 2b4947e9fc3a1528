import SwarmAPI
import Testing

@testable import ConsoleCore

@Suite struct TransferTests {
    private static func change(_ name: String, _ body: (inout SwarmdRaftPeer) -> Void) -> Model {
        var model = Fixture.model()
        var status = Fixture.status
        for index in status.raft.members.indices where status.raft.members[index].nodeID == "node-\(name)" {
            body(&status.raft.members[index])
        }
        _ = update(&model, .status(status), now: Fixture.now)
        model.type("4")
        return model
    }

    @Test func `T asks, and only y makes the member the leader`() {
        var model = Fixture.model()
        model.type("4T")
        #expect(model.text.contains("mgr-2 leads now, in term 42; mgr-1 will in the next."))
        #expect(model.press(.enter).isEmpty)
        #expect(model.dialog == nil)
        model.type("T")
        #expect(model.type("y") == [.transferLeader(request: 1, nodeID: "node-mgr-1")])
        model.answer(.done)
        #expect(model.flash?.text == "Done: mgr-1 leads now")
    }

    @Test func `the manager's words are shown where it did not take over`() {
        var model = Fixture.model()
        model.type("4Ty")
        model.answer(.failed("manager mgr-1 did not take over in time"))
        #expect(model.text.contains("Not done: manager mgr-1 did not take over in time"))
    }

    @Test func `the leader, and who cannot lead, are refused with the reason`() {
        var leader = Fixture.model()
        leader.type("4")
        leader.press(.down)
        leader.type("T")
        #expect(leader.dialog == nil)
        #expect(leader.flash?.text == "mgr-2 leads already")
        let reasons: [(String, (inout SwarmdRaftPeer) -> Void)] = [
            ("mgr-1 does not answer", { $0.reachable = false }),
            ("mgr-1 has no vote yet: it is catching up", { $0.learner = true }),
            ("mgr-1 is still being sent the whole state", { $0.progress = "snapshot" }),
            ("mgr-1 is 1001 entries behind: wait until it has caught up", { $0.match = 917_232 }),
        ]
        for (reason, body) in reasons {
            var model = Self.change("mgr-1", body)
            model.type("T")
            #expect(model.dialog == nil)
            #expect(model.flash?.text == reason)
        }
        var near = Self.change("mgr-1") { $0.match = 917_233 }
        near.type("T")
        #expect(near.text.contains("It is 1000 entries behind and gets them first."))
    }

    @Test func `a worker, and what is no node, are refused`() {
        var model = Fixture.model()
        model.type("T")
        #expect(model.flash?.text == "T makes a manager the leader: select one in 4 Raft")
        model.type("1")
        model.press(.down, .down, .down)
        model.type("T")
        #expect(model.flash?.text == "w01 is no manager: only those lead")
    }

    @Test(arguments: ["transfer-leader mgr-3", "swarmd cluster transfer-leader mgr-3"])
    func `a command asks the same`(command: String) {
        var model = Fixture.model()
        model.type(":\(command)")
        model.press(.enter)
        #expect(model.page.place == .raft)
        #expect(model.text.contains("Make leader: mgr-3"))
        #expect(model.type("y") == [.transferLeader(request: 1, nodeID: "node-mgr-3")])
        var leader = Fixture.model()
        leader.type(":transfer-leader mgr-2")
        leader.press(.enter)
        #expect(leader.dialog == nil)
        #expect(leader.page.place == .services)
    }

    @Test func `a console that must not change anything does not ask`() {
        var model = Fixture.model(readOnly: true)
        model.type("4T")
        #expect(model.dialog == nil)
        #expect(model.text.contains("changes are off: read-only console"))
    }
}

/// Screens of another leader.
enum TransferScenes {
    static let views: [ListScenes.View] = [
        ("transfer", { $0.type("4T") }),
        (
            "transfer-behind",
            {
                $0.type("4"); $0.press(.down, .down); $0.type("T")
            }
        ),
        (
            "transfer-refused",
            {
                $0.type("4"); $0.press(.down); $0.type("a")
            }
        ),
    ]
}
