import Foundation
import SwarmAPI
import SwiftProtobuf
import Testing

/// Compares the generated Swift with the descriptors, by what it puts on the wire.
@Suite struct GeneratedSwiftTests {
    private let schema: SchemaIndex

    init() throws { self.schema = SchemaIndex(try WireTables.descriptors()) }

    @Test func `each field of each message is written under its own number and wire type`() throws {
        let types = Dictionary(uniqueKeysWithValues: messageTypes.map { ($0.protoMessageName, $0) })
        var fields = 0
        for (name, message) in self.schema.messages.sorted(by: { $0.key < $1.key }) {
            if message.options.mapEntry || name.hasPrefix("google.") { continue }
            let type = try #require(types[name], "\(name) has no Swift type")
            for field in message.field {
                try self.check(field, of: type)
                fields += 1
            }
        }
        #expect(fields > 800)
    }

    private func check(_ field: Google_Protobuf_FieldDescriptorProto, of type: any Message.Type) throws {
        let json = #"{"\#(field.name)": \#(self.sample(field))}"#
        let message = try type.init(jsonUTF8Data: Data(json.utf8))
        let bytes: [UInt8] = try message.serializedBytes(partial: true)
        var tag: UInt64 = 0
        for (position, byte) in bytes.enumerated() {
            tag |= UInt64(byte & 0x7f) << (7 * position)
            if byte < 0x80 { break }
        }
        let place = "\(type.protoMessageName).\(field.name)"
        #expect(tag >> 3 == UInt64(field.number), "\(place)")
        #expect(tag & 7 == Self.wireType(field), "\(place)")
    }

    /// A value of the field in JSON that is not its default, so that it is written.
    private func sample(_ field: Google_Protobuf_FieldDescriptorProto) -> String {
        let value = self.sampleValue(field)
        let isMap = self.schema.typeText(of: field).hasPrefix("map<")
        return field.label == .repeated && !isMap ? "[\(value)]" : value
    }

    private func sampleValue(_ field: Google_Protobuf_FieldDescriptorProto) -> String {
        switch field.type {
        case .string: return #""x""#
        case .bytes: return #""eA==""#
        case .bool: return "true"
        case .float, .double: return "1.5"
        case .enum:
            let last = self.schema.enums[String(field.typeName.dropFirst())]?.value.last?.number ?? 0
            return "\(last == 0 ? 7 : last)"  // An unknown number survives, and is not the default.
        case .message: return self.sampleMessage(String(field.typeName.dropFirst()))
        default: return "1"
        }
    }

    private func sampleMessage(_ name: String) -> String {
        if let entry = self.schema.messages[name], entry.options.mapEntry {
            return #"{"k": \#(self.sampleValue(entry.field[1]))}"#
        }
        switch name {
        case "google.protobuf.Timestamp": return #""1970-01-01T00:00:01Z""#
        case "google.protobuf.Duration": return #""1s""#
        case "google.protobuf.BoolValue": return "true"
        case "google.protobuf.StringValue": return #""x""#
        case "google.protobuf.BytesValue": return #""eA==""#
        case let name where name.hasPrefix("google.protobuf.") && name.hasSuffix("Value"): return "1"
        default: return "{}"
        }
    }

    private static func wireType(_ field: Google_Protobuf_FieldDescriptorProto) -> UInt64 {
        switch field.type {
        case .double, .fixed64, .sfixed64: 1
        case .string, .bytes, .message: 2
        case .float, .fixed32, .sfixed32: 5
        default: 0  // Repeated numbers too: SwarmKit packs nothing.
        }
    }
}
