import ControlClient
import Foundation
import GRPCCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import Synchronization

/// Writes one config after the other, each to one manager after the other until one acknowledges it.
final class FollowingWriter: Sendable {
    /// The pause between two writes, and between two attempts.
    private static let pause = Duration.milliseconds(40)
    private static let retry = Duration.milliseconds(10)
    /// How long one manager has to answer.
    private static let patience = Duration.seconds(2)

    private struct State {
        var acknowledged: [String] = []
        /// When the write that is under way began.
        var begun: ContinuousClock.Instant?
        var longest = Duration.zero
    }

    private let name: String
    private let sockets: [String]
    private let state = Mutex(State())

    /// Writes configs whose names begin with `name`; it begins with the first of `sockets`.
    init(_ name: String, to sockets: [String]) {
        self.name = name
        self.sockets = sockets
    }

    /// The names of the configs that were acknowledged.
    var acknowledged: [String] { self.state.withLock(\.acknowledged) }

    /// The longest time from the first attempt of a write to its acknowledgement, or to now.
    var longest: Duration {
        self.state.withLock { state in
            max(state.longest, state.begun.map { ContinuousClock.now - $0 } ?? .zero)
        }
    }

    /// Writes until cancelled.
    func run() async throws {
        while true {
            for socket in self.sockets {
                try Task.checkCancellation()
                try? await ControlClient.withConnection(to: socket) { client in
                    while true {
                        try await self.write(client)
                        try await ContinuousClock().sleep(for: Self.pause)
                    }
                }
                try await ContinuousClock().sleep(for: Self.retry)
            }
        }
    }

    private func write(_ client: ControlClient) async throws {
        let config = self.state.withLock { state in
            state.begun = state.begun ?? ContinuousClock.now
            return "\(self.name)-\(state.acknowledged.count + 1)"
        }
        var options = CallOptions.defaults
        options.timeout = Self.patience
        do {
            _ = try await client.control.createConfig(
                .with {
                    $0.spec.annotations.name = config
                    $0.spec.data = Data(config.utf8)
                },
                options: options
            )
        } catch let error as RPCError where error.code == .alreadyExists {
            // The attempt whose answer was lost had come through.
        }
        self.state.withLock { state in
            state.acknowledged.append(config)
            if let begun = state.begun { state.longest = max(state.longest, ContinuousClock.now - begun) }
            state.begun = nil
        }
    }
}
