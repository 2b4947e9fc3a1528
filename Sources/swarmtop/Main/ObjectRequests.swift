import ConsoleCore
import ControlClient
import SwarmAPI
import SwiftProtobuf

extension ControlClient {
    /// The object as the manager has it now.
    func object(_ key: ObjectKey) async throws -> SwarmObject {
        var object = SwarmObject()
        switch key.kind {
        case .node: object.node = try await self.node(id: key.id)
        case .service: object.service = try await self.service(id: key.id)
        case .task: object.task = try await self.task(id: key.id)
        case .network: object.network = try await self.network(id: key.id)
        case .secret: object.secret = try await self.secret(id: key.id)
        case .config: object.config = try await self.config(id: key.id)
        }
        return object
    }
}
