import SwarmAPI
import SwiftProtobuf

/// A streaming call that a client has open: a test sends the answers and ends it.
struct OpenCall<Request: Sendable, Answer: Sendable>: Sendable {
    let request: Request
    private let answers: AsyncThrowingStream<Answer, any Error>
    private let continuation: AsyncThrowingStream<Answer, any Error>.Continuation

    init(_ request: Request) {
        self.request = request
        (self.answers, self.continuation) = AsyncThrowingStream.makeStream(
            bufferingPolicy: .bufferingOldest(1_000)
        )
    }

    func send(_ answer: Answer) { self.continuation.yield(answer) }
    func end() { self.continuation.finish() }
    func fail(_ error: any Error) { self.continuation.finish(throwing: error) }

    /// Passes the answers on until a test ends the call.
    func play(_ write: (Answer) async throws -> Void) async throws {
        for try await answer in self.answers { try await write(answer) }
    }
}

typealias OpenWatch = OpenCall<SwarmWatchRequest, SwarmWatchMessage>

extension OpenCall<SwarmWatchRequest, SwarmWatchMessage> {
    /// The version after which the feed asks for changes; nil for a plain watch.
    var resumesFrom: UInt64? { self.request.hasResumeFrom ? self.request.resumeFrom.index : nil }

    /// Sends the empty message that says that the watch has begun.
    func confirm() { self.send(SwarmWatchMessage()) }

    /// Sends a commit of changes to the tasks, which get its index as their version.
    func commit(_ index: UInt64, _ tasks: String..., action: SwarmWatchActionKind = .watchActionUpdate) {
        self.send(
            .with {
                $0.version.index = index
                $0.events = tasks.map { id in
                    .with {
                        $0.action = action
                        $0.object.task = .version(index, of: id)
                    }
                }
            }
        )
    }
}

extension SwarmTask {
    static func version(_ index: UInt64, of id: String) -> SwarmTask {
        .with {
            $0.id = id
            $0.meta.version.index = index
        }
    }
}
