import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ConsoleCore

@Suite struct TrustDialogTests {
    private static let cluster = SeenObject(id: "cluster-1", version: 70)

    // MARK: Roles

    @Test func `marked nodes are named in the order of the list`() {
        var model = Fixture.model()
        var first = Fixture.node("w00", version: 11)
        first.id = "node-z"
        _ = update(&model, .changed([.with { $0.object.node = first }]), now: Fixture.now)
        model.type("1")
        model.press(.down, .down, .down)
        model.type("  P")
        #expect(model.text.contains("Promote w00 and w01"))
    }

    @Test func `P and y promote the selected node at the version that was seen`() {
        var model = Fixture.model()
        model.type("1")
        model.press(.down, .down, .down)
        #expect(model.type("P").isEmpty)
        #expect(model.text.contains("3 managers, can lose 1 -> 4, can lose 1 (odd numbers are better)"))
        let nodes = [SeenObject(id: "node-w01", version: 10)]
        #expect(model.type("y") == [.setRole(request: 1, nodes: nodes, role: .manager)])
    }

    @Test func `a demotion that leaves none to lose needs the name and Ctrl-X`() {
        var model = Fixture.model()
        model.type("1M")
        #expect(model.type("y").isEmpty)
        model.press(.control("u"))
        #expect(model.press(.control("x")).isEmpty)
        #expect(model.type("mgr-1").isEmpty)
        let nodes = [SeenObject(id: "node-mgr-1", version: 10)]
        #expect(model.press(.control("x")) == [.setRole(request: 1, nodes: nodes, role: .worker)])
    }

    @Test func `a demotion that costs the quorum cannot be asked for`() {
        var model = Fixture.model()
        model.lose("mgr-3")
        model.type("1M")
        #expect(model.text.contains("REFUSED  without mgr-1 the quorum would be lost."))
        #expect(model.type("y").isEmpty)
        #expect(model.press(.control("x")).isEmpty)
    }

    @Test func `marked nodes are promoted together, in a fixed order`() {
        var model = Fixture.model()
        model.type("1")
        model.press(.down, .down, .down)
        model.type("  P")
        #expect(model.text.contains("3 managers, can lose 1 -> 5, can lose 2"))
        let nodes = ["w01", "w02"].map { SeenObject(id: "node-\($0)", version: 10) }
        #expect(model.type("y") == [.setRole(request: 1, nodes: nodes, role: .manager)])
        model.answer(.done)
        #expect(model.page.marks.isEmpty)
        #expect(model.text.contains("Done: w01 and w02 asked to become managers"))
    }

    @Test(arguments: [("P", "mgr-1 is a manager already"), ("M", "w01 is a worker already")])
    func `a node that has the role is left alone`(key: String, words: String) {
        var model = Fixture.model()
        model.type("1")
        if key == "M" { model.press(.down, .down, .down) }
        model.type(key)
        #expect(model.dialog == nil)
        #expect(model.text.contains(words))
    }

    @Test func `a node that was changed meanwhile is asked about again at its new version`() {
        var model = Fixture.model()
        model.type(":promote w01 w02")
        model.press(.enter)
        model.type("y")
        model.answer(.conflict(version: 12, now: .role(node: "node-w02", .worker)))
        #expect(model.text.contains("w02 was changed meanwhile by somebody else"))
        let nodes = [SeenObject(id: "node-w01", version: 10), SeenObject(id: "node-w02", version: 12)]
        #expect(model.type("y") == [.setRole(request: 2, nodes: nodes, role: .manager)])
    }

    // MARK: Root

    @Test func `R needs the cluster's name and Ctrl-X`() {
        var model = Fixture.model()
        model.type("9R")
        #expect(model.text.contains("WARN  down: w07"))
        #expect(model.type("prod-eu1y").isEmpty)
        #expect(model.press(.control("x")).isEmpty)
        model.press(.backspace)
        #expect(
            model.press(.control("x")) == [
                .changeCluster(request: 1, cluster: Self.cluster, change: .rotateRoot)
            ]
        )
    }

    @Test func `a pasted name is not typed`() {
        var model = Fixture.model()
        model.type("9R")
        model.press(.paste("prod-eu1"))
        #expect(model.press(.control("x")).isEmpty)
    }

    @Test func `R elsewhere says where it belongs`() {
        var model = Fixture.model()
        model.type("1R")
        #expect(model.dialog == nil)
        #expect(model.text.contains("go to 9 Certs"))
    }

    // MARK: Keys

    @Test func `secrets are fetched when they are asked for, and shown one at a time`() {
        var model = Fixture.model(columns: 120, rows: 40)
        #expect(model.type("K").isEmpty)
        #expect(model.type("w") == [.readKeys(request: 1, clusterID: "cluster-1")])
        #expect(!model.text.contains("SWMTKN"))
        model.answer(.keys(Fixture.keys, version: 70))
        #expect(model.text.contains("swarmd join --token"))
        #expect(model.text.contains("8vxv8rssmk743ojnwacrr2e7c"))
        #expect(!model.text.contains("managersmanagers") && !model.text.contains("SWMKEY"))
        #expect(model.type("m").isEmpty)
        #expect(!model.text.contains("8vxv8rssmk743ojnwacrr2e7c"))
        model.type("m")
        #expect(!model.text.contains("SWMTKN"))
    }

    @Test func `secrets are forgotten with their dialog, also those that come late`() {
        var model = Fixture.model()
        model.type("Kw")
        model.press(.escape)
        model.answer(.keys(Fixture.keys, version: 70))
        #expect(model.flash == nil)
        model.type("K")
        #expect(!"\(model)".contains("SWMTKN"))
        #expect(model.type("w") == [.readKeys(request: 2, clusterID: "cluster-1")])
    }

    @Test(arguments: [
        ("W", ClusterChange.rotateWorkerToken), ("M", .rotateManagerToken), ("U", .rotateUnlockKey),
        ("a", .autolock(false)),
    ])
    func `a change of keys is chosen and accepted`(key: String, change: ClusterChange) {
        var model = Fixture.model()
        #expect(model.type("Ky").isEmpty)
        #expect(model.type(key).isEmpty)
        #expect(model.type("y") == [.changeCluster(request: 1, cluster: Self.cluster, change: change)])
    }

    @Test func `a new unlock key is shown at once, and the next change is of the new version`() {
        var model = Fixture.model(columns: 120, rows: 40)
        model.type("KUy")
        model.answer(.keys(Fixture.keys, version: 71))
        #expect(model.text.contains(Fixture.keys.unlockKey))
        #expect(model.text.contains("Note it down now"))
        let seen = SeenObject(id: "cluster-1", version: 71)
        #expect(model.type("Wy") == [.changeCluster(request: 2, cluster: seen, change: .rotateWorkerToken)])
    }

    @Test func `a failed look at the secrets explains itself`() {
        var model = Fixture.model()
        model.type("Kw")
        model.answer(.failed("no leader"))
        #expect(model.text.contains("Not done: no leader"))
        #expect(model.type("ww") == [.readKeys(request: 2, clusterID: "cluster-1")])
    }

    @Test(arguments: ["1P", "1M", "9R", "K"])
    func `a read-only console asks nothing and shows no secret`(keys: String) {
        var model = Fixture.model(readOnly: true)
        #expect(model.type(keys).isEmpty)
        #expect(model.dialog == nil)
        #expect(model.text.contains("changes are off: read-only console"))
    }

    // MARK: Slips

    @Test func `no keys rotate the root or cost the last manager to lose without the name`() {
        let accepted = (0..<100).map(Self.changesWithoutNames)
        #expect(accepted.filter { $0 > 0 }.count > 20, "many sequences change something else")
    }

    /// Presses random keys, but for some letters of the names; returns how many other changes came of it.
    private static func changesWithoutNames(seed: UInt64) -> Int {
        var dice = SeededGenerator(seed: seed)
        var model = Fixture.model()
        // Without the p of "prod-eu1" and the g of "mgr-1" neither name can be typed.
        let letters = "9R1MPKWUaymwxnrod-eu23 jk".map { Key.character($0) }
        let others: [Key] = [.control("x"), .control("x"), .backspace, .up, .down, .enter, .escape, .tab]
        var accepted = 0
        for _ in 0..<400 {
            let pool = Bool.random(using: &dice) ? letters : others
            for effect in model.press(pool[Int.random(in: 0..<pool.count, using: &dice)]) {
                switch effect {
                case .setRole(_, _, .worker), .changeCluster(_, _, .rotateRoot):
                    Issue.record("\(effect) without its name")
                case .setRole, .changeCluster: accepted += 1
                default: break
                }
                if effect.request != nil { model.answer(.failed("no")) }
            }
        }
        return accepted
    }
}

@Suite struct CertificatesTabTests {
    @Test func `the selected blocker's whole reason is shown`() {
        var model = Fixture.model()
        model.take(trust: Fixture.rotating)
        model.type("9")
        model.press(.end)
        #expect(model.text.contains("ROTATION 4/7"))
        #expect(model.text.contains("w07: down for 26m. The rotation cannot end without it: bring it up, or"))
    }

    @Test func `a status without certificates leaves those that are known`() {
        var model = Fixture.model()
        var status = Fixture.status
        status.clearTrust()
        _ = update(&model, .status(status), now: Fixture.now)
        #expect(model.cluster.trust?.certificates.count == 6)
    }

    @Test func `Nodes warns of certificates that end soon`() {
        var model = Fixture.model()
        model.type("1")
        let lines = model.screen.lines
        #expect(lines.contains { $0.contains(" w02 ") && $0.contains("25d!") })
        #expect(lines.contains { $0.contains(" w03 ") && $0.contains("6d!!") })
        #expect(lines[1].contains("cert 6d!!"))
    }

    @Test func `certificates are filtered by their state`() {
        var model = Fixture.model()
        model.type("9/cert:failed")
        model.press(.enter)
        #expect(model.rows == ["node-w03"])
    }

    @Test func `the batch frames tell of certificates`() {
        var model = Fixture.model()
        model.take(trust: Fixture.rotating)
        #expect(model.batchText.contains("rotation 4/7   new root \(Fixture.newRoot)"))
        #expect(model.batchText.contains("w07          rotate  OLD      61d      down for 26m"))
        let json = model.batchJSON
        #expect(json.contains(#""target":"\#(Fixture.newRoot)","nodes":7,"done":4,"blockers":[{"node_id":"#))
        #expect(
            json.contains(
                #"{"node_id":"node-w03","state":"issued","issuer":"\#(Fixture.root)","current":false"#
            )
        )
        #expect(json.contains(#""refusals":[{"reason":"wrong role","count":3}"#))
    }
}
