import ControlClient
import FoundationEssentials
import GRPCCore
import Linearizability
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

/// A call about a config, made and put into the words of a history.
///
/// The config's one label is the value that the history speaks of.
struct RecordedCall: Sendable {
    /// How a call ended.
    enum End: Sendable {
        case answered(ControlReply)
        /// It may have had an effect, now or later.
        case unknown
        /// It surely had none, and says nothing of the config.
        case refused
    }

    /// How long a call is waited for, as one to a member that waits for a leader.
    static let limit = Duration.milliseconds(250)
    private static let kind = "config"
    private static let label = "value"

    let call: ControlCall

    /// Asks for `action` on the config `name`.
    init(_ name: String, _ action: ControlCall.Action) {
        self.call = ControlCall(kind: Self.kind, name: name, action)
    }

    /// Makes the call.
    func make(with client: ControlClient) async -> End {
        do {
            return .answered(try await self.answer(client))
        } catch let error as RPCError {
            return self.end(error)
        } catch {
            return .unknown
        }
    }

    private func answer(_ client: ControlClient) async throws -> ControlReply {
        var options = CallOptions.defaults
        options.timeout = Self.limit
        let name = self.call.key.name
        switch self.call.action {
        case .create(let value):
            let config = try await client.control.createConfig(
                .with { $0.spec = Self.spec(name, value) },
                options: options
            ).config
            return .created(id: config.id, version: config.meta.version.index)
        case .update(let id, let version, let value):
            let request = SwarmUpdateConfigRequest.with {
                $0.configID = id ?? ""
                $0.configVersion.index = version
                $0.spec = Self.spec(name, value)
            }
            let config = try await client.control.updateConfig(request, options: options).config
            return .updated(version: config.meta.version.index)
        case .remove(let id):
            _ = try await client.control.removeConfig(.with { $0.configID = id ?? "" }, options: options)
            return .removed
        case .get(let id):
            let config = try await client.control.getConfig(
                .with { $0.configID = id ?? "" },
                options: options
            ).config
            let value = config.spec.annotations.labels[Self.label] ?? ""
            return .found(id: config.id, version: config.meta.version.index, value: value)
        }
    }

    private static func spec(_ name: String, _ value: String) -> SwarmConfigSpec {
        .with {
            $0.annotations.name = name
            $0.annotations.labels = [Self.label: value]
            $0.data = Data([7])
        }
    }

    private func end(_ error: RPCError) -> End {
        if case .get = self.call.action, error.code != .notFound { return .refused }
        switch error.code {
        case .notFound: return .answered(.notFound)
        case .alreadyExists: return .answered(.alreadyExists)
        case .unknown where error.message.contains("out of sequence"): return .answered(.outOfSequence)
        // A manager that does not lead names the one that does, or says that there is none.
        case .unavailable where error.message.contains("lost leader status: "):
            return error.message.contains("may have been made") ? .unknown : .refused
        default: return .unknown
        }
    }
}
