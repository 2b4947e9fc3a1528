import GRPCCore
import NIOHPACK

/// What the headers of a call ask for.
struct RequestHead: Sendable {
    /// The method to call.
    var method: MethodDescriptor
    /// What the caller says beside the message.
    var metadata: Metadata
    /// How long the caller waits for the end.
    var timeout: Duration?

    /// Why headers make no call.
    enum Refusal: Error, Equatable {
        /// Not gRPC: answered in HTTP's terms (gRPC over HTTP/2, "Requests").
        case http(status: Int)
        /// gRPC, but not as we take it.
        case call(Status.Code, String)
    }

    /// Reads `headers`; `methods` are those that are served, by path.
    init(_ headers: HPACKHeaders, methods: [String: MethodDescriptor]) throws(Refusal) {
        var (path, verb, content) = ("", "", "")
        var metadata = Metadata()
        metadata.reserveCapacity(headers.count)
        for (name, value, _) in headers {
            switch name {
            case ":path": path = value
            case ":method": verb = value
            case "content-type": content = value
            case "grpc-timeout": self.timeout = try Self.timeout(value)
            case "grpc-encoding" where value != "identity":
                throw .call(.unimplemented, "messages must not be compressed; \"\(value)\" is not understood")
            case ":scheme", ":authority", "te", "grpc-encoding", "grpc-accept-encoding": break
            default: metadata.addString(value, forKey: name)
            }
        }
        guard verb == "POST" else { throw .http(status: 405) }
        guard content.hasPrefix("application/grpc") else { throw .http(status: 415) }
        guard let method = methods[path] ?? Self.method(of: path) else {
            throw .call(.unimplemented, "\(path) names no method")
        }
        self.method = method
        self.metadata = metadata
    }

    /// The method that is not served, so that the refusal names it.
    private static func method(of path: String) -> MethodDescriptor? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty else { return nil }
        return MethodDescriptor(fullyQualifiedService: String(parts[1]), method: String(parts[2]))
    }

    /// gRPC's TimeoutValue, at most eight digits, and TimeoutUnit.
    private static func timeout(_ text: String) throws(Refusal) -> Duration {
        let digits = text.utf8.dropLast()
        guard (1...8).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
            let value = Int64(text.dropLast()), let unit = Self.units[text.utf8.last ?? 0]
        else { throw .call(.invalidArgument, "grpc-timeout \"\(text)\" is no duration") }
        return unit * Int(value)
    }

    private static let units: [UInt8: Duration] = [
        UInt8(ascii: "H"): .seconds(3600), UInt8(ascii: "M"): .seconds(60), UInt8(ascii: "S"): .seconds(1),
        UInt8(ascii: "m"): .milliseconds(1), UInt8(ascii: "u"): .microseconds(1),
        UInt8(ascii: "n"): .nanoseconds(1),
    ]
}
