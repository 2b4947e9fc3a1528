import GRPCCore
import NIOHPACK
import Testing

@testable import Serving

struct RequestHeadTests {
    private static let method = MethodDescriptor(fullyQualifiedService: "a.B", method: "C")

    private static func headers(_ changes: [(String, String)] = []) -> HPACKHeaders {
        var fields = [
            (":method", "POST"), (":scheme", "http"), (":path", "/a.B/C"), (":authority", "x"),
            ("content-type", "application/grpc+proto"), ("te", "trailers"),
        ]
        for change in changes {
            fields.removeAll { $0.0 == change.0 }
            fields.append(change)
        }
        return HPACKHeaders(fields)
    }

    private static func head(_ changes: (String, String)...) throws(RequestHead.Refusal) -> RequestHead {
        try RequestHead(Self.headers(changes), methods: ["/a.B/C": Self.method])
    }

    @Test func `a call's method, time and metadata are read`() throws {
        let head = try Self.head(("grpc-timeout", "1500m"), ("swarm-node", "n1"))
        #expect(head.method == Self.method)
        #expect(head.timeout == .milliseconds(1_500))
        #expect(head.metadata == ["swarm-node": "n1"])
        #expect(try Self.head(("grpc-timeout", "2H")).timeout == .seconds(7_200))
        #expect(try Self.head(("grpc-timeout", "99999999n")).timeout == .nanoseconds(99_999_999))
        #expect(try Self.head().timeout == nil)
    }

    @Test func `a method that is not served is named in the refusal`() throws {
        #expect(try Self.head((":path", "/a.B/D")).method.fullyQualifiedMethod == "a.B/D")
    }

    @Test(arguments: ["", "5", "S", "123456789S", "-1S", "1x", "1.5S", "½S"])
    func `no duration is refused`(_ text: String) {
        #expect(throws: RequestHead.Refusal.call(.invalidArgument, "grpc-timeout \"\(text)\" is no duration"))
        {
            try Self.head(("grpc-timeout", text))
        }
    }

    @Test func `what is no call is refused in HTTP's terms`() {
        #expect(throws: RequestHead.Refusal.http(status: 405)) { try Self.head((":method", "GET")) }
        #expect(throws: RequestHead.Refusal.http(status: 415)) {
            try Self.head(("content-type", "text/html"))
        }
        #expect(throws: RequestHead.Refusal.call(.unimplemented, "/a names no method")) {
            try Self.head((":path", "/a"))
        }
        #expect(throws: RequestHead.Refusal.self) { try Self.head(("grpc-encoding", "gzip")) }
    }

    @Test func `a status message travels in printable ASCII`() {
        #expect(ResponseHeaders.percentEncoded("no node \"a\"") == "no node \"a\"")
        #expect(ResponseHeaders.percentEncoded("100 %\nü") == "100 %25%0A%C3%BC")
    }

    @Test func `a window opens when half of it is used`() {
        var window = ReceiveWindow(size: 100)
        #expect(window.giveBack(49) == nil)
        #expect(window.giveBack(1) == 50)
        #expect(window.giveBack(30) == nil)
        #expect(window.giveBack(90) == 120)
    }
}
