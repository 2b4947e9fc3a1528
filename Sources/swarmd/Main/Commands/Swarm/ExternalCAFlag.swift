import Foundation
import SwarmAPI
import SwiftProtobuf

/// Reads `--external-ca`: `protocol=cfssl,url=https://ca.example:8888/sign,cacert=/etc/ca.pem`.
///
/// Fields beside these are options of the protocol, as with docker.
enum ExternalCAFlag {
    private static let flag = "--external-ca"
    /// The largest file of certificates that is read.
    private static let fileLimit = 1 << 20

    static func parse(_ text: String) throws(CommandError) -> SwarmExternalCA {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw .flag(Self.flag, text, "it is empty; --no-external-ca takes all external CAs out")
        }
        let list = try FieldList(text, flag: Self.flag)
        var external = SwarmExternalCA()
        var hasProtocol = false
        for (key, value) in list.fields {
            guard let value, !key.isEmpty else {
                throw .flag(Self.flag, text, "\(key.isEmpty ? "a field" : key) needs the form key=value")
            }
            switch key {
            case "protocol":
                guard value.lowercased() == "cfssl" else {
                    throw .flag(Self.flag, text, "the protocol \"\(value)\" is not known; cfssl is")
                }
                hasProtocol = true
                external.protocol = .cfssl
            case "url": external.url = value
            case "cacert": external.caCert = Data(try Self.pem(value, flag: Self.flag).utf8)
            default: external.options[key] = value
            }
        }
        guard hasProtocol else { throw .flag(Self.flag, text, "protocol is missing") }
        guard external.url.hasPrefix("https://") else {
            throw .flag(Self.flag, text, "url must begin with https://")
        }
        return external
    }

    /// The text of a PEM file.
    static func pem(_ path: String, flag: String) throws(CommandError) -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let size = attributes?[.size] as? Int ?? 0
        guard size <= Self.fileLimit else {
            throw .flag(flag, path, "it has more than \(Self.fileLimit) bytes")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .flag(flag, path, "the file can't be read")
        }
        let text = String(decoding: data, as: UTF8.self)
        guard text.contains("-----BEGIN ") else { throw .flag(flag, path, "the file holds no PEM") }
        return text
    }
}
