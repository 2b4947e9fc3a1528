import SwarmAPI
import SwiftProtobuf

/// Reads `--publish`: `[PUBLISHED:]TARGET[/PROTOCOL]` with ranges, or `target=80,published=8080,...`.
enum PortFlag {
    /// The most ports that one range may name.
    static let rangeLimit = 1_000

    static let protocols: [(String, SwarmPortConfig.ProtocolEnum)] = [
        ("tcp", .tcp), ("udp", .udp), ("sctp", .sctp),
    ]

    static func parse(_ text: String, flag: String) throws(CommandError) -> [SwarmPortConfig] {
        text.contains("=") ? [try self.long(text, flag: flag)] : try self.short(text, flag: flag)
    }

    private static func long(_ text: String, flag: String) throws(CommandError) -> SwarmPortConfig {
        var port = SwarmPortConfig()
        for (key, value) in try FieldList(text, flag: flag).fields {
            guard let value else { throw .flag(flag, text, "field \"\(key)\" has no value") }
            switch key {
            case "target": port.targetPort = try self.number(value, in: text, flag: flag)
            case "published": port.publishedPort = try self.number(value, in: text, flag: flag)
            case "protocol":
                port.protocol = try Units.choice(value, flag: "\(flag) protocol", among: self.protocols)
            case "mode":
                port.publishMode = try Units.choice(
                    value,
                    flag: "\(flag) mode",
                    among: [("ingress", .ingress), ("host", .host)]
                )
            default: throw .flag(flag, text, "unknown field \"\(key)\"")
            }
        }
        guard port.targetPort > 0 else { throw .flag(flag, text, "the target port is missing") }
        return port
    }

    private static func short(_ text: String, flag: String) throws(CommandError) -> [SwarmPortConfig] {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let ports = halves.first, halves.count <= 2 else {
            throw .flag(flag, text, "give [PUBLISHED:]TARGET[/PROTOCOL]")
        }
        let transport =
            halves.count == 2 ? try Units.choice(halves[1], flag: flag, among: self.protocols) : .tcp
        let sides = ports.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard sides.count <= 2, let last = sides.last else {
            throw .flag(flag, text, "a service is published on every address: leave the address out")
        }
        let targets = try self.range(last, in: text, flag: flag)
        var published: [UInt32] = targets.map { _ in 0 }
        if sides.count == 2, let first = sides.first {
            published = try self.range(first, in: text, flag: flag)
            guard published.count == targets.count else {
                throw .flag(flag, text, "the ranges differ in length")
            }
        }
        return zip(published, targets).map { published, target in
            .with {
                $0.protocol = transport
                $0.targetPort = target
                $0.publishedPort = published
            }
        }
    }

    private static func range(_ text: String, in whole: String, flag: String) throws(CommandError) -> [UInt32]
    {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard let first = ends.first, let last = ends.last, ends.count <= 2 else {
            throw .flag(flag, whole, "give a port or a range")
        }
        let low = try self.number(first, in: whole, flag: flag)
        let high = try self.number(last, in: whole, flag: flag)
        guard low <= high, high - low < UInt32(self.rangeLimit) else { throw .flag(flag, whole, "bad range") }
        return Array(low...high)
    }

    private static func number(_ text: String, in whole: String, flag: String) throws(CommandError) -> UInt32
    {
        guard let value = UInt16(text), value > 0 else { throw .flag(flag, whole, "a port is 1 to 65535") }
        return UInt32(value)
    }
}
