import FoundationEssentials
import Linearizability
import StoreCore
import SwarmAPI
import SwiftProtobuf

extension ControlCall {
    /// The kind of the objects that simulated clients write.
    static let kind = "config"
}

extension Transaction {
    /// Carries a client's write out and returns the answer; a refused one changes nothing.
    mutating func carryOut(_ call: ControlCall, id: String) -> ControlReply {
        do throws(StoreError) {
            switch call.action {
            case .create(let value):
                try self.create(Self.config(id: id, name: call.key.name, value: value))
                return .created(id: id, version: self.version)
            case .update(let target, let version, let value):
                guard let target, var config = self.state.configs[target] else { return .notFound }
                config.spec.data = .init(value.utf8)
                config.meta.version.index = version
                try self.update(config)
                return .updated(version: self.version)
            case .remove(let target):
                try self.remove(SwarmConfig.self, id: target ?? "")
                return .removed
            case .get: return .notFound
            }
        } catch {
            switch error {
            case .notFound: return .notFound
            case .exists, .nameConflict: return .alreadyExists
            case .outOfSequence: return .outOfSequence
            }
        }
    }

    private static func config(id: String, name: String, value: String) -> SwarmConfig {
        .with {
            $0.id = id
            $0.spec.annotations.name = name
            $0.spec.data = .init(value.utf8)
        }
    }
}

extension StoreState {
    /// What a reader of this state is told.
    func answer(to call: ControlCall) -> ControlReply {
        var config = self.configs.named(call.key.name)
        if case .get(let id?) = call.action { config = self.configs[id] }
        guard let config else { return .notFound }
        return .found(
            id: config.id,
            version: config.meta.version.index,
            value: String(decoding: config.spec.data, as: UTF8.self)
        )
    }
}
