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

    /// Gives a service or a node the spec in `text`, if it still has the version of `object`.
    func replaceSpec(of object: SwarmObject, with text: String) async throws -> RequestOutcome {
        let changed: SwarmObject
        do throws(SpecText.Mistake) {
            changed = try SpecText.apply(text, to: object)
        } catch {
            return .failed(error.text)
        }
        do {
            switch changed.object {
            case .service(let service): _ = try await self.update(service)
            case .node(let node): _ = try await self.update(node)
            default: return .failed("only services and nodes are edited")
            }
            return .done
        } catch let error as ControlError where error.kind == .outOfSequence {
            return .conflict(version: try await self.version(of: changed), now: .object)
        }
    }

    /// The version that the object has now.
    private func version(of object: SwarmObject) async throws -> UInt64 {
        switch object.object {
        case .service(let service): try await self.service(id: service.id).meta.version.index
        case .node(let node): try await self.node(id: node.id).meta.version.index
        default: 0
        }
    }
}
