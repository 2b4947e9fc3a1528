import ConsoleCore
import ControlClient

/// One frame without a terminal.
enum Batch {
    /// Reads the cluster once and renders it.
    static func frame(_ flags: Flags) async throws -> String {
        let socket = flags.socket
        let messages = try await ControlClient.withConnection(to: socket) { client in
            async let clusters = client.clusters()
            async let nodes = client.nodes()
            async let services = client.services()
            async let tasks = client.tasks()
            async let status = client.status()
            var messages: [Message] = [
                .listed(
                    cluster: try await clusters.first,
                    nodes: try await nodes,
                    services: try await services,
                    tasks: try await tasks
                )
            ]
            if let status = try await status { messages.append(.status(status)) }
            return messages
        }
        let now = WallClock.now
        var model = Model(
            size: Size(columns: 120, rows: 40),
            readOnly: true,
            socket: socket,
            now: now
        )
        for message in messages { _ = update(&model, message, now: now) }
        return flags.json ? model.batchJSON : model.batchText
    }
}
