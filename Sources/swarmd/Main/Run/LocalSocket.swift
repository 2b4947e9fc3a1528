import Credentials
import GRPCCore
import Logging
import ManagerNode
import NIOCore
import SwarmAPI
import SwarmRPC
import Synchronization

/// The socket of this machine's operators, open as long as the daemon runs, whatever its node is.
struct LocalSocket: Sendable {
    /// What is served at the moment.
    let board: ServiceBoard
    /// The thread of its first connections, and of whoever serves them.
    let executor = LoopExecutor()
    /// The thread of further connections, where there is more than one processor.
    private let second = LoopExecutor()
    private let path: String
    private let security = SwitchedSecurity()
    private let log: Logger

    init(path: String, log: Logger) {
        self.path = path
        self.log = log
        self.board = ServiceBoard(methods: ServiceBoard.localMethods)
    }

    /// Serves `services`, and what else is on the board, until it is cancelled.
    func run(
        _ services: [any RegistrableRPCService],
        interceptors: [any ServerInterceptor]
    ) async throws {
        let executors =
            self.executor.loop === self.second.loop ? [self.executor] : [self.executor, self.second]
        let listener = try UnixListener(
            path: self.path,
            security: self.security,
            loops: executors.map(\.loop)
        )
        let server = APIServer(
            listener: listener,
            services: [],
            executors: executors,
            takesLong: ServiceBoard.takesLong,
            log: self.log
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.board.serve(services, interceptors: interceptors) }
            group.addTask { [path = self.path, log = self.log] in
                try await server.run(
                    self.board,
                    onReady: { _ in log.info("operators connect here", metadata: ["socket": "\(path)"]) }
                )
            }
            try await group.next()
        }
    }

    /// What a call hears that nothing on the board answers.
    func refuse(_ text: String) { self.board.refuse(text) }

    /// Shows the certificate of `credentials` to callers that want TLS, and counts calls as its node's.
    func secure(with credentials: NodeCredentials?, log: Logger) { self.security.use(credentials, log: log) }
}
