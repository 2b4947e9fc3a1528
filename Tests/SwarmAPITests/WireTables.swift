import Foundation
import SwiftProtobuf

/// The tables of SwarmKit's schema, and the captures, that stand beside the project where it is developed.
enum WireTables {
    /// The folder of the tables; nil in a checkout that stands alone.
    static let folder: URL? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.deletingLastPathComponent().appending(path: "shared/wire")
        return FileManager.default.fileExists(atPath: folder.appending(path: "messages.tsv").path)
            ? folder : nil
    }()

    static var present: Bool { Self.folder != nil }

    /// The rows of a table, each as column name -> text.
    static func rows(_ name: String) throws -> [[String: String]] {
        guard let folder = Self.folder else { return [] }
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        let lines = text.split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
        guard let head = lines.first else { return [] }
        return lines.dropFirst().map { Dictionary(zip(head, $0)) { first, _ in first } }
    }

    /// The descriptors of what is compiled in, made by `make api` in the same run as the Swift.
    static func descriptors() throws -> Google_Protobuf_FileDescriptorSet {
        let url = Bundle.module.url(forResource: "Descriptors/swarm", withExtension: "fds")
        guard let url else { throw CocoaError(.fileNoSuchFile) }
        return try Google_Protobuf_FileDescriptorSet(serializedBytes: Data(contentsOf: url))
    }
}

/// A set of descriptors by full name.
struct SchemaIndex {
    private(set) var messages: [String: Google_Protobuf_DescriptorProto] = [:]
    private(set) var enums: [String: Google_Protobuf_EnumDescriptorProto] = [:]
    private(set) var services: [String: Google_Protobuf_ServiceDescriptorProto] = [:]
    /// Messages of files with proto3 syntax.
    private(set) var proto3: Set<String> = []

    init(_ set: Google_Protobuf_FileDescriptorSet) {
        for file in set.file {
            for message in file.messageType {
                self.add(message, prefix: file.package, isProto3: file.syntax == "proto3")
            }
            for item in file.enumType { self.enums["\(file.package).\(item.name)"] = item }
            for item in file.service { self.services["\(file.package).\(item.name)"] = item }
        }
    }

    private mutating func add(_ message: Google_Protobuf_DescriptorProto, prefix: String, isProto3: Bool) {
        let name = "\(prefix).\(message.name)"
        self.messages[name] = message
        if isProto3 { self.proto3.insert(name) }
        for nested in message.nestedType { self.add(nested, prefix: name, isProto3: isProto3) }
        for item in message.enumType { self.enums["\(name).\(item.name)"] = item }
    }

    /// The type of a field as the tables write it.
    func typeText(of field: Google_Protobuf_FieldDescriptorProto) -> String {
        let named = String(field.typeName.dropFirst())
        switch field.type {
        case .message:
            guard let entry = self.messages[named], entry.options.mapEntry else { return named }
            let parts = entry.field.map { self.typeText(of: $0) }
            return "map<\(parts.joined(separator: ","))>"
        case .enum: return "enum \(named)"
        default: return "\(field.type)".lowercased()
        }
    }

    /// The label of a field as the tables write it.
    func labelText(of field: Google_Protobuf_FieldDescriptorProto, in message: String) -> String {
        if self.typeText(of: field).hasPrefix("map<") { return "map" }
        if field.label == .repeated { return "repeated" }
        if field.hasOneofIndex, let owner = self.messages[message] {
            return "oneof \(owner.oneofDecl[Int(field.oneofIndex)].name)"
        }
        if field.label == .required { return "required" }
        return self.proto3.contains(message) ? "singular" : "optional"
    }
}
