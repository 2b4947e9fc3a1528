import Dispatch
import Synchronization

/// Waits for descriptors without holding a thread.
package enum Readiness {
    private static let queue = DispatchQueue(label: "swarmd.readiness")

    /// Why a wait ended.
    private enum Outcome { case pending, readable, expired }

    private final class Wait: Sendable {
        let outcome = Mutex(Outcome.pending)
        func end(as outcome: Outcome) {
            self.outcome.withLock { if $0 == .pending { $0 = outcome } }
        }
    }

    /// Returns true when `descriptor` can be read, or is at its end; false when `timeout` passed first.
    ///
    /// The descriptor has to stay open until this returns, which it also does soon after a cancellation.
    package static func waitUntilReadable(
        _ descriptor: borrowing Descriptor,
        timeout: Duration? = nil
    ) async throws
        -> Bool
    {
        let wait = Wait()
        let source = ReadSource(descriptor: descriptor.raw, queue: Self.queue)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                source.base.setEventHandler {
                    wait.end(as: .readable)
                    source.base.cancel()
                }
                // Resumed here and not above: only now does nobody look at the descriptor any more.
                source.base.setCancelHandler { continuation.resume() }
                source.base.activate()
                guard let timeout else { return }
                Self.queue.asyncAfter(deadline: .now() + .nanoseconds(Int(clamping: timeout.nanoseconds))) {
                    wait.end(as: .expired)
                    source.base.cancel()
                }
            }
        } onCancel: {
            source.base.cancel()
        }
        switch wait.outcome.withLock({ $0 }) {
        case .readable: return true
        case .expired: return false
        case .pending: throw CancellationError()
        }
    }
}

/// A dispatch source that tasks may share.
///
/// `@unchecked`: libdispatch lets every thread cancel a source; handlers are set before it is activated.
struct ReadSource: @unchecked Sendable {
    let base: any DispatchSourceRead

    init(descriptor: Int32, queue: DispatchQueue) {
        self.base = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        self.components.seconds &* 1_000_000_000 &+ self.components.attoseconds / 1_000_000_000
    }
}
