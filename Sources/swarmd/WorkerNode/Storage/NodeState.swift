import Foundation
import LinuxSystem

/// What a node must know to find its cluster again: who it is, and who the managers are.
///
/// It lives in `state.json` of the state directory (architecture §5), with a format number and a checksum.
package struct NodeState: Sendable, Equatable, Codable {
    /// A manager of the cluster.
    package struct Manager: Sendable, Equatable, Codable {
        package var nodeID: String
        /// "host:port".
        package var address: String

        package init(nodeID: String, address: String) {
            self.nodeID = nodeID
            self.address = address
        }
    }

    /// The name of the file in the state directory.
    package static let fileName = "state.json"
    /// The format that this version writes, and the newest that it reads.
    package static let format = 1

    package var nodeID: String
    package var managers: [Manager]
    /// "ip:port" where the node listens as a manager; nil for a node that was not told.
    package var listenAddress: String?
    /// "ip:port" by which others reach it; nil or empty for the address that it listens on.
    package var advertiseAddress: String?

    package init(nodeID: String, managers: [Manager] = []) {
        self.nodeID = nodeID
        self.managers = managers
    }

    /// Reads the state; nil where there is none yet.
    package static func load(from stateDirectory: String) throws -> Self? {
        let path = stateDirectory + "/" + Self.fileName
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let decoder = JSONDecoder()
        guard let header = try? decoder.decode(Header.self, from: data) else {
            throw NodeStateError.damaged(path: path)
        }
        guard header.format <= Self.format else {
            throw NodeStateError.newerFormat(path: path, found: header.format)
        }
        guard let file = try? decoder.decode(File.self, from: data),
            try file.checksum == Self.checksum(of: Self.encode(file.state))
        else { throw NodeStateError.damaged(path: path) }
        return file.state
    }

    /// Writes the state so that a crash leaves the old or the new one.
    package func save(to stateDirectory: String) throws {
        let checksum = Self.checksum(of: try Self.encode(self))
        let file = File(format: Self.format, checksum: checksum, state: self)
        let path = stateDirectory + "/" + Self.fileName
        try Files.replace(path, with: Array(Self.encode(file)) + Array("\n".utf8))
    }

    private struct Header: Codable { var format: Int }

    private struct File: Codable {
        var format: Int
        var checksum: String
        var state: NodeState
    }

    /// Sorted keys, so that equal states have equal bytes and checksums.
    private static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// FNV-1a with 64 bits: against damage, not against people.
    private static func checksum(of data: Data) -> String {
        let hash = data.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return "fnv1a64:" + String(hash, radix: 16)
    }
}

/// Why `state.json` can't be used.
package enum NodeStateError: Error, Equatable, CustomStringConvertible {
    case damaged(path: String)
    case newerFormat(path: String, found: Int)

    /// One line for the operator.
    package var description: String {
        switch self {
        case .damaged(let path):
            "\(path) is damaged: its checksum doesn't match. Restore it, or remove it and join the cluster again."
        case .newerFormat(let path, let found):
            "\(path) has format \(found), newer than \(NodeState.format): it needs a newer swarmd."
        }
    }
}
