package import GRPCNIOTransportHTTP2
import Logging
import NIOCore
import SwarmRPC

/// Where an API server listens.
package protocol APIListener: HTTP2ServerTransport.ListenerFactory {
    /// Closes what is open, and gives back what listening took; returns when that is done.
    func release() async
}

extension HTTP2ServerTransport.ConnectionConfigurator {
    /// Puts our handlers below gRPC's: the detector first, as it decides what the bytes are.
    func configure(
        _ channel: any Channel,
        among connections: OpenConnections,
        log: Logger
    ) -> EventLoopFuture<HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers([
                ProtocolDetector(log: log), PingResponder(isServer: true),
            ])
        }.flatMap {
            self.configure(channel: channel, tls: .none)
        }.map { connection in
            connections.add(connection, on: channel)
            return connection
        }
    }
}
