import BenchSupport
import ControlClient
import Foundation
import SwarmAPI
import SwarmRPC
import SwiftProtobuf
import TerminalTesting

extension LocalSwarm {
    /// Runs `body` with swarmtop on the manager `name` in a terminal of its own, which is gone afterwards.
    func withConsole<Value>(
        of name: String = "manager",
        under wrapper: [String] = [],
        arguments: [String] = [],
        environment: [String: String] = [:],
        _ body: (PseudoTerminal) async throws -> Value
    ) async throws -> Value {
        try await PseudoTerminal.with { terminal in
            terminal.makeUnusual()
            try terminal.startConsole(
                Self.console,
                socket: self.socket(of: name),
                under: wrapper,
                arguments: arguments,
                environment: environment
            )
            return try await body(terminal)
        }
    }

    /// The built swarmtop.
    static let console = Products.swarmtop.path

    /// Creates a service of simulated tasks.
    static func create(_ name: String, replicas: UInt64 = 1, with client: ControlClient) async throws {
        let spec = SwarmServiceSpec.with {
            $0.annotations.name = name
            $0.replicated.replicas = replicas
            $0.task.container.image = "host"
        }
        _ = try await client.control.createService(.with { $0.spec = spec })
    }
}
