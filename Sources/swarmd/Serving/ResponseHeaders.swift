import GRPCCore
import NIOHPACK

/// The headers and trailers of an answer (gRPC over HTTP/2, "Responses").
enum ResponseHeaders {
    /// Before the first message.
    static func head(_ metadata: Metadata) -> HPACKHeaders {
        Self.make([(":status", "200"), ("content-type", "application/grpc")], metadata)
    }

    /// After the last message; also the whole answer, if there was none and no head.
    static func end(_ status: Status, _ metadata: Metadata, isWhole: Bool) -> HPACKHeaders {
        var fields = isWhole ? [(":status", "200"), ("content-type", "application/grpc")] : []
        fields.append(("grpc-status", status.code.rawValue == 0 ? "0" : "\(status.code.rawValue)"))
        if !status.message.isEmpty { fields.append(("grpc-message", Self.percentEncoded(status.message))) }
        return Self.make(fields, metadata)
    }

    /// The answer to what is no call, or to one that cannot be read.
    static func refusal(_ refusal: RequestHead.Refusal) -> HPACKHeaders {
        switch refusal {
        case .http(let status): HPACKHeaders([(":status", "\(status)")])
        case .call(let code, let message):
            Self.end(
                Status(code: code, message: message),
                ["grpc-accept-encoding": "identity"],
                isWhole: true
            )
        }
    }

    private static func make(_ fields: [(String, String)], _ metadata: Metadata) -> HPACKHeaders {
        var headers = HPACKHeaders(fields)
        for (key, value) in metadata where !Self.isOurs(key) {
            headers.add(name: key, value: value.encoded())
        }
        return headers
    }

    /// Whether a header is the transport's to write: the metadata of an error that another server gave has those that
    /// came with it.
    private static func isOurs(_ key: String) -> Bool {
        key.hasPrefix(":") || ["content-type", "grpc-status", "grpc-message"].contains(key)
    }

    /// Printable ASCII but for the percent sign stays as it is.
    static func percentEncoded(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x25 }
        if plain { return text }
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if (0x20...0x7E).contains(byte), byte != 0x25 {
                encoded.append(byte)
            } else {
                encoded += [0x25, Self.hex(byte >> 4), Self.hex(byte & 15)]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 48 + digit : 55 + digit }
}
