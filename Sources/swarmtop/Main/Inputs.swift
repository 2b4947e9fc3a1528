import CNcurses
import Dispatch
import Glibc
import Primitives

/// What reaches the console from outside the cluster.
enum Input: Sendable {
    case bytes([UInt8])
    case resized
    case stopped(signal: Int32)
    case alarm
    /// The terminal is gone.
    case closed
}

/// Turns the terminal's bytes, signals and one timer into a stream.
struct Inputs: Sendable {
    /// More than an operator types while a frame is drawn; what is beyond was pasted into a stalled program.
    private static let limit = 1024
    private static let chunk = 4096

    let stream: AsyncStream<Input>
    private let sources: Sources

    /// Starts to listen at once, so that no early key is lost.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Input.self,
            bufferingPolicy: .bufferingOldest(Self.limit)
        )
        self.stream = stream
        self.sources = Sources(continuation)
    }

    /// Sets the one alarm; a later call replaces it.
    func alarm(after delay: Duration) {
        self.sources.timer.schedule(
            deadline: .now() + .nanoseconds(Int(delay.wholeNanoseconds)),
            leeway: .milliseconds(1)
        )
    }

    /// Leaves the keys to somebody else until `resume`.
    func pause() { self.sources.keys.suspend() }

    func resume() { self.sources.keys.resume() }

    /// The sources of one stream.
    ///
    /// Sendable by hand: Dispatch's sources may be used from any thread, and the list never changes.
    private final class Sources: @unchecked Sendable {
        let timer: any DispatchSourceTimer
        let keys: any DispatchSourceProtocol
        private let others: [any DispatchSourceProtocol]

        init(_ continuation: AsyncStream<Input>.Continuation) {
            let queue = DispatchQueue(label: "swarmtop.inputs")
            self.timer = DispatchSource.makeTimerSource(queue: queue)
            self.timer.setEventHandler { @Sendable in continuation.yield(.alarm) }
            let keys = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: queue)
            keys.setEventHandler { @Sendable in Self.read(continuation) }
            self.keys = keys
            var others: [any DispatchSourceProtocol] = [keys]
            let numbers = [SIGWINCH, SIGCONT, SIGTERM, SIGHUP, SIGINT]
            let pipe = sw_forward_signals(numbers, Int32(numbers.count))
            if pipe >= 0 {
                let signals = DispatchSource.makeReadSource(fileDescriptor: pipe, queue: queue)
                signals.setEventHandler { @Sendable in Self.readSignals(pipe, continuation) }
                others.append(signals)
            }
            signal(SIGPIPE, SIG_IGN)
            self.others = others
            self.timer.resume()
            for source in others { source.resume() }
        }

        private static func readSignals(_ pipe: Int32, _ continuation: AsyncStream<Input>.Continuation) {
            var bytes = [UInt8](repeating: 0, count: Inputs.chunk)
            let count = bytes.withUnsafeMutableBytes { Glibc.read(pipe, $0.baseAddress, $0.count) }
            let numbers = bytes.prefix(max(0, count)).map(Int32.init)
            // However often the window changed, its size is asked for once.
            let stop = numbers.first { $0 != SIGWINCH && $0 != SIGCONT }
            continuation.yield(stop.map { .stopped(signal: $0) } ?? .resized)
        }

        private static func read(_ continuation: AsyncStream<Input>.Continuation) {
            var bytes = [UInt8](repeating: 0, count: Inputs.chunk)
            let count = bytes.withUnsafeMutableBytes { Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                continuation.yield(.bytes(Array(bytes.prefix(count))))
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                continuation.yield(.closed)
                continuation.finish()
            }
        }
    }
}
