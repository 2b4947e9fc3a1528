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

    /// Refused: only whoever may open the local socket asks what changes would do.
    func preview(
        request: SwarmdPreviewRequest,
        context: ServerContext
    ) async throws -> SwarmdPreviewResponse {
        throw RPCError(code: .permissionDenied, message: "previews are made for the local socket only")
    }
}
