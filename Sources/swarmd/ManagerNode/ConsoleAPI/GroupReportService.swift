import GRPCCore
import SwarmAPI
import SwarmRPC

/// Tells other managers where the group stands, while a console looks there.
///
/// It is the console's call, answered with nothing but what is about the group. The leader is asked for a transfer
/// here too, by the managers whose operators want one.
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

    func transferLeadership(
        request: SwarmdTransferLeadershipRequest,
        context: ServerContext
    ) async throws -> SwarmdTransferLeadershipResponse {
        try await self.console.transferLeadership(request: request, context: context)
    }

    /// Refused: only whoever may open the local socket asks what changes would do.
    func preview(
        request: SwarmdPreviewRequest,
        context: ServerContext
    ) async throws -> SwarmdPreviewResponse {
        throw RPCError(code: .permissionDenied, message: "previews are made for the local socket only")
    }
}
