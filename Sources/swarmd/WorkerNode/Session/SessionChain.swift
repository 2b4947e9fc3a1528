import Primitives
import SwarmRPC

/// A session that is opened anew, by its id, whenever the node's description changes; to the manager it stays one.
///
/// The new stream is open before the old one is let go: the manager never sees the node without one. While it
/// can't be opened, the old one goes on. Each has a connection of its own, so that a renewed certificate is
/// in use before the old one ends.
struct SessionChain: Sendable {
    private enum Event: Sendable {
        case ended(Int, any Error)
        case outdated(Int, session: String)
        case over
    }

    let address: ServerAddress
    let security: any ConnectionSecurity
    /// The session to go on with, which began elsewhere; empty for a new one.
    let resumed: String
    let parts: Session.Parts

    /// Opens a session with the manager and works in it; returns why the last of its links ended.
    func run() async -> any Error {
        await withTaskGroup(of: Event.self) { group in
            defer { group.cancelAll() }
            var backoff = Backoff(base: .milliseconds(100), limit: .seconds(8))
            var dice = SystemRandomNumberGenerator()
            var (newest, id) = (1, self.resumed)
            var links = [newest: self.link(newest, resuming: id, to: &group)]
            for await event in group {
                var pause = Duration.zero
                switch event {
                case .over: continue
                case .outdated(let number, let session):
                    guard number == newest else { continue }
                    id = session
                    backoff.reset()
                case .ended(let number, let reason):
                    links[number] = nil
                    // Another took over, or is about to.
                    guard number == newest else { continue }
                    guard !links.isEmpty, !Task.isCancelled else { return reason }
                    pause = backoff.next(using: &dice)
                }
                // The newest of those that are left; earlier ones were told to end already.
                let old = links.keys.max().flatMap { links[$0] }
                newest += 1
                links[newest] = self.link(newest, resuming: id, of: old, after: pause, to: &group)
            }
            return CancellationError()
        }
    }

    /// Starts one more link, which takes over from `old` once it is open.
    private func link(
        _ number: Int,
        resuming id: String,
        of old: SessionLink? = nil,
        after pause: Duration = .zero,
        to group: inout TaskGroup<Event>
    ) -> SessionLink {
        let link = SessionLink()
        group.addTask {
            let reason = await link.run {
                try await self.parts.clock.sleep(pause)
                let session = Session(
                    address: self.address,
                    security: self.security,
                    resumed: id,
                    description: try await self.parts.descriptions.first(),
                    parts: self.parts,
                    takeOver: { await old?.retire(within: ManagerCalls.deadline, by: self.parts.clock) },
                    outdated: { link.report(outdated: $0) }
                )
                try await session.run()
            }
            return .ended(number, reason)
        }
        group.addTask {
            for await session in link.outdated { return .outdated(number, session: session) }
            return .over
        }
        return link
    }
}
