import GRPCCore
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import ControlClient

struct LookupTests {
    private let objects = [
        ("abc1", "web"), ("abc2", "db"), ("web9", "cache"), ("d1", "twin"), ("d2", "twin"),
    ]

    private func pick(_ text: String) throws -> String {
        try Lookup.pick(text, kind: "service", from: self.objects, id: \.0, name: \.1).0
    }

    @Test func `an id, a name and a unique start of an id are found, in this order`() throws {
        #expect(try self.pick("abc2") == "abc2")
        #expect(try self.pick("web") == "abc1")
        #expect(try self.pick("we") == "web9")
    }

    @Test func `what is ambiguous or unknown is an error that says so`() {
        #expect(
            throws: ControlError(
                .ambiguous,
                "service abc is ambiguous: it means abc1 (web), abc2 (db); give an id"
            )
        ) { try self.pick("abc") }
        #expect(
            throws: ControlError(
                .ambiguous,
                "service twin is ambiguous: it means d1 (twin), d2 (twin); give an id"
            )
        ) {
            try self.pick("twin")
        }
        #expect(throws: ControlError(.notFound, "no such service: nix: `swarmd service ls` lists them")) {
            try self.pick("nix")
        }
        #expect(throws: ControlError.self) { try self.pick("") }
    }

    @Test func `errors become sentences`() {
        let socket = "/nonexistent/swarmd.sock"
        #expect(
            ControlError(RPCError(code: .unavailable, message: "x"), socket: socket).description
                == "cannot reach the daemon at \(socket): no such socket; is `swarmd run` running, with this --socket?"
        )
        let stale = ControlError(RPCError(code: .unknown, message: "update out of sequence"), socket: socket)
        #expect(stale.kind == .outOfSequence)
        let refused = ControlError(RPCError(code: .invalidArgument, message: "name:\nbad"), socket: socket)
        #expect(refused == ControlError(.refused, "name: bad"))
    }
}
