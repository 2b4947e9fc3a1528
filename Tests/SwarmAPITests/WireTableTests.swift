import Foundation
import SwiftProtobuf
import Testing

@Suite(.enabled(if: WireTables.present, "the tables of the schema are not beside this checkout"))
struct WireTableTests {
    private let schema: SchemaIndex

    init() throws { self.schema = SchemaIndex(try WireTables.descriptors()) }

    @Test func `every row of the message table is compiled in`() throws {
        let rows = try WireTables.rows("messages.tsv").filter { $0["versions"] != "20.10" }
        #expect(rows.count > 800)
        for row in rows { self.check(row) }
    }

    private func check(_ row: [String: String]) {
        let name = "\(row["package"] ?? "").\(row["message"] ?? "")"
        guard let message = self.schema.messages[name] else {
            Issue.record("\(name) is missing")
            return
        }
        guard let number = Int32(row["field_number"] ?? "") else {
            #expect(message.field.isEmpty, "\(name) should have no fields")
            return
        }
        guard let field = message.field.first(where: { $0.number == number }) else {
            Issue.record("\(name) has no field \(number)")
            return
        }
        let found = [field.name, self.schema.typeText(of: field), self.schema.labelText(of: field, in: name)]
        let wanted = [row["field_name"] ?? "", row["type"] ?? "", row["label"] ?? ""]
        #expect(found == wanted, "\(name) field \(number)")
    }

    @Test func `nothing is compiled in that the message table does not have`() throws {
        let rows = try WireTables.rows("messages.tsv")
        let known = Set(
            rows.map { "\($0["package"] ?? "").\($0["message"] ?? "").\($0["field_number"] ?? "")" }
        )
        for (name, message) in self.schema.messages where Self.isSwarmKits(name) && !message.options.mapEntry
        {
            for field in message.field {
                #expect(
                    known.contains("\(name).\(field.number)"),
                    "\(name) field \(field.number) is ours alone"
                )
            }
        }
    }

    private static func isSwarmKits(_ name: String) -> Bool {
        name.hasPrefix("docker.swarmkit.v1.") || name.hasPrefix("raftpb.")
    }

    @Test func `every row of the enum table is compiled in`() throws {
        for row in try WireTables.rows("enums.tsv") {
            let name = "\(row["package"] ?? "").\(row["enum"] ?? "")"
            let value = self.schema.enums[name]?.value.first { $0.name == row["value"] }
            #expect(value?.number == Int32(row["number"] ?? ""), "\(name).\(row["value"] ?? "")")
        }
    }

    @Test func `all 65 calls of the 11 services are compiled in`() throws {
        let rows = try WireTables.rows("services.tsv")
        #expect(rows.count == 65)
        #expect(Set(rows.compactMap { $0["service"] }).count == 11)
        for row in rows {
            let service = self.schema.services[row["service"] ?? ""]
            let call = service?.method.first { $0.name == row["rpc"] }
            #expect(call?.inputType == ".docker.swarmkit.v1.\(row["request"] ?? "")", "\(row)")
            #expect(call?.outputType == ".docker.swarmkit.v1.\(row["response"] ?? "")", "\(row)")
            #expect(call?.clientStreaming == (row["client_stream"] == "1"), "\(row)")
            #expect(call?.serverStreaming == (row["server_stream"] == "1"), "\(row)")
        }
    }

    @Test func `store objects stand at their numbers in actions, snapshots and watches`() throws {
        let columns = [
            ("StoreAction", "StoreAction_field"), ("StoreSnapshot", "StoreSnapshot_field"),
            ("Object", "watch_Object_field"),
        ]
        for row in try WireTables.rows("store_objects.tsv") {
            for (message, column) in columns {
                let number = Int32(row[column] ?? "")
                let field = self.schema.messages["docker.swarmkit.v1.\(message)"]?.field
                    .first { $0.number == number }
                #expect(field?.typeName == ".docker.swarmkit.v1.\(row["object"] ?? "")", "\(message): \(row)")
            }
        }
    }
}
