package import NIOCore

/// Listens on a unix socket: the manager's local API.
package struct UnixListener: APIListener {
    package let security: any ListenerSecurity
    private let loops: [any EventLoop]
    private let file: UnixSocketFile

    /// Will listen on `path`.
    ///
    /// The directory of `path` is made if need be; the socket gets mode 0660 and belongs to `group`, if one is
    /// given. The first of `loops` has the first connections (`SpreadListening`).
    package init(
        path: String,
        group: UInt32? = nil,
        security: any ListenerSecurity,
        loops: [any EventLoop]
    ) throws(ListenError) {
        self.file = try UnixSocketFile(path: path, group: group)
        self.loops = loops
        self.security = security
    }

    package func listen(
        _ prepare: @escaping @Sendable (any Channel, ConnectedPeer) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        try self.file.prepare()
        let channel = try await SpreadListening.listen(
            on: self.file.bind(),
            loops: self.loops,
            backlog: APIServer.backlog
        ) { channel in self.accept(channel, prepare) }
        try self.file.restrict()
        return channel
    }

    package func release() { self.file.remove() }
}
