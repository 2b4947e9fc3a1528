import Primitives
import Scheduling
import SwarmAPI
import SwiftProtobuf
import Testing

@Suite struct `The constraint language` {
    private let node = SwarmNode.with {
        $0.id = "n1"
        $0.role = .manager
        $0.spec.annotations.labels = ["zone": "East 1", "Rack": "7"]
        $0.description_p.hostname = "alpha"
        $0.description_p.platform.os = "linux"
        $0.description_p.platform.architecture = "x86_64"
        $0.description_p.engine.labels = ["storage": "ssd"]
        $0.status.addr = "10.1.2.3"
    }

    @Test(
        "CN-01: values are compared whole, for being equal or unequal; ours compares numbers and sets too",
        arguments: [
            ("node.labels.size>=16", true), ("node.labels.size>16", false), ("node.labels.size<=16", true),
            ("node.labels.size < 100", true), ("node.labels.disk>1T", true), ("node.labels.disk<3T", true),
            ("node.labels.zone>=1", false), ("node.labels.absent<1", false), ("node.cpus>=4", true),
            ("node.cpus==4", true), ("node.cpus>4", false), ("node.memory>=16G", true),
            ("node.memory<16Gib", false), ("node.role in (manager, worker)", true),
            ("node.labels.zone in (west, EAST 1)", true), ("node.labels.zone not in (west)", true),
            ("node.labels.zone not in (west, east 1)", false), ("node.labels.zone==Eas", false),
            ("node.colour in (red)", false), ("node.cpus in (2, 4)", true),
        ]
    )
    func extended(expression: String, holds: Bool) throws {
        var node = self.node
        node.description_p.resources.nanoCpus = 4_000_000_000
        node.description_p.resources.memoryBytes = 16 << 30
        node.spec.annotations.labels["size"] = "16"
        node.spec.annotations.labels["disk"] = "2T"
        #expect(try Constraint(expression).matches(node) == holds)
    }

    @Test(
        "CN-02 and CN-03: every key is known, a missing label is empty",
        arguments: [
            "node.id==n1", "node.id == N1", " NODE.ID != n2 ", "node.hostname==ALPHA", "node.role==manager",
            "node.role!=worker", "node.platform.os==Linux", "node.platform.arch==x86_64",
            "node.labels.zone==east 1", "node.labels.Rack==7", "node.labels.rack!=7",
            "engine.labels.storage!=hdd",
            "Engine.Labels.storage==SSD", "node.labels.absent!=anything", "node.ip==10.1.2.3",
            "node.ip==10.1.0.0/16", "node.ip!=10.2.0.0/16", "node.ip==0.0.0.0/0", "node.ip!=2001:db8::1",
            "node.ip==::ffff:10.1.2.3", "node.ip!=::/0", "node.labels.zone != east",
        ]
    )
    func holds(expression: String) throws {
        #expect(try Constraint(expression).matches(self.node))
    }

    @Test(arguments: [
        "node.id!=n1", "node.hostname==beta", "node.role==worker", "node.labels.rack==7",
        "node.labels.absent==anything", "node.ip==10.1.2.4", "node.ip!=10.1.2.3/32", "node.ip==10.1.2.3/33",
        "node.ip!=nowhere", "node.ip!=010.1.2.3", "node.colour==red", "node.colour!=red", "node.labels.!=x",
        "node.labels.zone==east", "node.ip!=1:2:3:4:5:6:7:8:9", "node.ip!=1::2::3",
    ])
    func `an expression that does not hold for the node`(expression: String) throws {
        #expect(try !Constraint(expression).matches(self.node))
    }

    @Test func `a node of version 6 is found by address and subnet`() throws {
        let node = SwarmNode.with { $0.status.addr = "2001:db8::7" }
        #expect(try Constraint("node.ip==2001:db8::/32").matches(node))
        #expect(try Constraint("node.ip==2001:0DB8:0:0:0:0:0:7").matches(node))
        #expect(try Constraint("node.ip!=2001:db9::/32").matches(node))
        #expect(try Constraint("node.ip!=0.0.0.0/0").matches(node))
    }

    @Test func `a node without an address is in no subnet`() throws {
        #expect(try Constraint("node.ip!=10.0.0.0/8").matches(SwarmNode()))
        #expect(try !Constraint("node.ip==10.0.0.0/8").matches(SwarmNode()))
    }

    @Test(arguments: [
        ("node.id", "constraint \"node.id\": expected one operator from ==, !=, >=, <=, >, <, in, not in"),
        ("", "constraint \"\": expected one operator from ==, !=, >=, <=, >, <, in, not in"),
        ("node.cpus>=many", "constraint \"node.cpus>=many\": value 'many' is invalid"),
        ("node.id in n1, n2", "constraint \"node.id in n1, n2\": value 'n1, n2' is invalid"),
        (
            "node.id=~n1",
            "constraint \"node.id=~n1\": expected one operator from ==, !=, >=, <=, >, <, in, not in"
        ),
        ("==n1", "constraint \"==n1\": key '' is invalid"),
        ("k==v", "constraint \"k==v\": key 'k' is invalid"),
        ("1a==v", "constraint \"1a==v\": key '1a' is invalid"),
        ("node id==v", "constraint \"node id==v\": key 'node id' is invalid"),
        ("a!=b==c", "constraint \"a!=b==c\": key 'a!=b' is invalid"),
        ("node.id==", "constraint \"node.id==\": value '' is invalid"),
        ("node.id===n1", "constraint \"node.id===n1\": value '=n1' is invalid"),
        ("node.id==n1,n2", "constraint \"node.id==n1,n2\": value 'n1,n2' is invalid"),
        ("node.id==日本", "constraint \"node.id==日本\": value '日本' is invalid"),
    ])
    func `a bad expression is named together with its fault`(expression: String, text: String) {
        let error = #expect(throws: ConstraintError.self) { try Constraint(expression) }
        #expect(error?.description == text)
    }

    @Test func `all expressions of a placement are read, and the first bad one is reported`() throws {
        #expect(try Constraint.parse(["node.id==n1", "node.role!=worker"]).count == 2)
        let error = #expect(throws: ConstraintError.self) { try Constraint.parse(["node.id==n1", "x", "y"]) }
        #expect(error == .missingOperator(expression: "x"))
    }

    @Test func `no bytes make the parser trap`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let bytes = (0..<12).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = String(decoding: bytes, as: UTF8.self)
            _ = try? Constraint("node.ip==" + text).matches(self.node)
            _ = try? Constraint(text + "!=" + text).matches(self.node)
        }
    }
}
