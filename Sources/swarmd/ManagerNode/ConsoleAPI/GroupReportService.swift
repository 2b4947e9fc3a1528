import GRPCCore
import SwarmAPI
import SwarmRPC

/// Tells other managers where the group stands, while a console looks there.
///
/// It is the console's call, answered with nothing but what is about the group.
struct GroupReportService: SwarmdConsole.SimpleServiceProtocol {
    /// Whose view is told.
    let console: ConsoleService

    func status(
        request: SwarmdStatusRequest,
        response: RPCWriter<SwarmdConsoleStatus>,
        context: ServerContext
    ) async throws {
        try await self.console.report(to: response, context: context)
    }
}
