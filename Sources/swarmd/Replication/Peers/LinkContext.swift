import Logging
import NIOCore
import RaftCore
import SwarmRPC

/// What the links of one member share.
struct LinkContext: Sendable {
    /// Who sends.
    let member: RaftID
    /// How its connections are secured, and who it shows itself to be.
    let security: any ConnectionSecurity
    let limits: LinkLimits
    /// Finds the newest snapshot, for a message that announces one.
    let snapshot: @Sendable (Message) async throws -> SnapshotSource?
    let reports: AsyncStream<PeerReport>.Continuation
    /// Where connections live.
    let loop: any EventLoopGroup
    let log: Logger
    /// Where the sender listens.
    let address = OwnAddress()
}
