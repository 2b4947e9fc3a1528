import ControlClient
import Glibc
import Primitives

/// Plays a recording in its own time, or faster or slower.
struct Replay: Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// What was recorded, when it was.
    let events: AsyncStream<FeedEvent>
    /// The moment that is being looked at.
    let clock: ReplayClock
    /// The recording ends in the middle of a record; what is before is played.
    let isTorn: Bool
    private let continuation: AsyncStream<FeedEvent>.Continuation
    private let path: String

    /// Reads all of the file once, so that what is wrong with it is said before anything is shown.
    init(_ path: String, speed: Double, limit: Int) throws {
        let check = try Self.check(path)
        self.path = path
        self.isTorn = check.isTorn
        self.clock = ReplayClock(start: check.start, began: WallClock.now, speed: speed)
        (self.events, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
    }

    /// Plays until the end, or until it is cancelled; `events` ends with it.
    func run() async {
        if let failure = await self.play() { self.continuation.yield(.lost(reason: failure)) }
        self.continuation.finish()
    }

    private func play() async -> String? {
        do {
            let file = try TapeFile(self.path)
            var reader = try FeedTapeReader(file.read)
            while let next = try reader.next() {
                let rest = self.clock.wait(until: next.after, now: WallClock.now)
                if rest > .zero { try await Task.sleep(for: rest) }
                // A console that cannot follow gets all of it, later.
                while case .dropped = self.continuation.yield(next.event) {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            return nil
        } catch let damage as FeedTapeReader.Damage where damage.isTorn {
            // That has been said already.
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func check(_ path: String) throws -> (start: Timestamp, isTorn: Bool) {
        do {
            let file = try TapeFile(path)
            var reader = try FeedTapeReader(file.read)
            do {
                while try reader.next() != nil {}
            } catch let damage as FeedTapeReader.Damage where damage.isTorn {
                return (reader.start, true)
            }
            return (reader.start, false)
        } catch let damage as FeedTapeReader.Damage {
            throw Failure(description: "cannot replay \(path): \(damage)")
        }
    }
}

/// The time of a recording while it is played.
struct ReplayClock: Sendable {
    let start: Timestamp
    let began: Timestamp
    let speed: Double

    /// The recording's time at `now`.
    func time(at now: Timestamp) -> Timestamp {
        self.start + .nanoseconds(Int64(Double((now - self.began).wholeNanoseconds) * self.speed))
    }

    /// How long until so much of the recording has passed.
    func wait(until moment: Duration, now: Timestamp) -> Duration {
        .nanoseconds(Int64(Double(moment.wholeNanoseconds) / self.speed)) - (now - self.began)
    }
}

/// A file that is read from its beginning.
private final class TapeFile {
    private let file: UnsafeMutablePointer<FILE>

    init(_ path: String) throws {
        guard let file = fopen(path, "re") else {
            throw Replay.Failure(description: "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        self.file = file
    }

    deinit { fclose(self.file) }

    /// The next so many bytes, or fewer at the end.
    func read(_ count: Int) -> [UInt8] {
        // What a damaged length asks for is not taken before it is there.
        var bytes: [UInt8] = []
        while bytes.count < count {
            let wanted = min(count - bytes.count, 1 << 20)
            var part = [UInt8](repeating: 0, count: wanted)
            let got = fread(&part, 1, wanted, self.file)
            bytes += part.prefix(got)
            if got < wanted { break }
        }
        return bytes
    }
}

/// Where the console's picture of the cluster comes from.
enum Source: Sendable {
    case live(ClusterFeed)
    case recording(Replay)

    var events: AsyncStream<FeedEvent> {
        switch self {
        case .live(let feed): feed.events
        case .recording(let replay): replay.events
        }
    }

    func run() async {
        switch self {
        case .live(let feed): await feed.run()
        case .recording(let replay): await replay.run()
        }
    }

    /// The time of what is shown.
    func time(at now: Timestamp) -> Timestamp {
        if case .recording(let replay) = self { return replay.clock.time(at: now) }
        return now
    }

    /// How long what is shown takes to get so much older.
    func wait(_ time: Duration) -> Duration {
        guard case .recording(let replay) = self else { return time }
        return .nanoseconds(Int64(Double(time.wholeNanoseconds) / replay.clock.speed))
    }
}
