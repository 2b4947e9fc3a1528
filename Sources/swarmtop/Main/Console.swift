import ConsoleCore
import ControlClient
import Glibc
import Primitives

/// The running console: feeds keys, time and the cluster's changes to the model and paints what comes of it.
///
/// Everything happens on the main actor, one message at a time. Keys are painted at once, and so is the coming
/// and going of the connection; what the cluster does at most ten times a second, and never when it looks the
/// same.
@MainActor
final class Console {
    /// The shortest time between two frames that no key asked for.
    private static let frameTime: Duration = .milliseconds(100)
    /// The shortest time until a frame that only time asks for: the ages of many rows change in one.
    private static let tickTime: Duration = .seconds(1)
    /// How many of the cluster's events wait while a frame is drawn.
    private static let feedLimit = 4096

    private let flags: Flags
    private let terminal: Terminal
    private let screen: Screen
    private let inputs: Inputs
    private let requests: Requests
    private let previews: Previews
    private let source: Source
    private let recorder: Recorder?
    private let logs: LogFollower
    private var model: Model
    private var decoder: KeyDecoder
    private var shown: Frame?
    private var painted = Timestamp(nanoseconds: 0)
    private var status: Int32?

    private let files: OperatorFiles
    /// The arrangement of the lists as it is in the operator's file.
    private var keptViews: String

    /// Takes the terminal and shows the empty screen, before anything is connected.
    init(_ flags: Flags, files: OperatorFiles) throws {
        let (given, faults) = files.settings()
        var flags = flags
        let settings = flags.take(given)
        self.flags = flags
        self.files = files
        // What is wrong with a file is said before the terminal is taken.
        self.source = try Self.source(flags)
        self.recorder = try flags.record.map { try Recorder($0, start: WallClock.now) }
        // Before the terminal's modes change: a signal must find somebody who gives them back.
        self.inputs = Inputs()
        self.terminal = try Terminal()
        do {
            self.screen = try Screen(flags, size: self.terminal.size)
        } catch {
            self.terminal.restore()
            throw error
        }
        let now = self.source.time(at: WallClock.now)
        self.model = Model(
            size: self.terminal.size,
            readOnly: flags.readOnly,
            socket: flags.socket,
            now: now,
            settings: settings
        )
        self.model.isReplay = flags.replay != nil
        // A terminal without UTF-8 has no characters for anything but English.
        if !self.screen.capabilities.utf8 { self.model.speak(.english) }
        self.keptViews = self.model.viewFile
        self.decoder = KeyDecoder(escapeDelay: Self.escapeDelay, mouse: flags.mouse)
        self.requests = Requests(socket: flags.socket)
        self.previews = Previews(socket: flags.socket)
        self.logs = LogFollower(socket: flags.socket)
        let notices = [self.screen.notice, self.restoreViews()].compactMap { $0 } + faults
        if let first = notices.first {
            self.send(.notice(self.model.words(.first(first, more: notices.count - 1))))
        }
        self.paint()
    }

    /// Arranges the lists as an earlier console left them; returns what the operator should know.
    private func restoreViews() -> String? {
        guard let path = self.files.views else { return nil }
        switch OperatorFiles.read(path) {
        case .absent: break
        case .unreadable(let reason):
            return self.model.words(.viewsUnread(file: self.files.shown(path), reason: reason))
        case .text(let text):
            guard self.model.restore(viewFile: text) else {
                return self.model.words(.viewsDamaged(file: self.files.shown(path)))
            }
            self.keptViews = self.model.viewFile
        }
        return nil
    }

    /// Keeps the arrangement of the lists, if it changed.
    private func keepViews() {
        let views = self.model.viewFile
        guard views != self.keptViews else { return }
        self.keptViews = views
        if let fault = self.files.keep(views: views) {
            self.send(.notice(self.model.words(.viewsNotKept(fault))))
        }
    }

    /// The manager, or a recording of what one told.
    static func source(_ flags: Flags) throws -> Source {
        guard let path = flags.replay else {
            return .live(ClusterFeed(socket: flags.socket, limit: Self.feedLimit))
        }
        return .recording(try Replay(path, speed: flags.speed, limit: Self.feedLimit))
    }

    /// How long an ESC waits for the rest of a key's sequence; the environment's word is the last.
    private static var escapeDelay: Duration {
        if let given = getenv("ESCDELAY").flatMap({ Int(String(cString: $0)) }), (1...10_000).contains(given)
        {
            return .milliseconds(given)
        }
        return .milliseconds(getenv("SSH_CONNECTION") == nil ? 25 : 100)
    }

    /// Works until the operator quits or a signal comes; returns the exit status.
    func run() async -> Int32 {
        await withTaskGroup(of: Int32?.self) { group -> Int32 in
            let (source, requests, logs) = (self.source, self.requests, self.logs)
            let previews = self.previews
            group.addTask {
                await previews.run()
                return nil
            }
            group.addTask {
                await source.run()
                return nil
            }
            group.addTask {
                await requests.run()
                return nil
            }
            group.addTask {
                await logs.run()
                return nil
            }
            group.addTask { await self.followFeed() }
            group.addTask { await self.followLogs() }
            group.addTask { await self.followOutcomes() }
            group.addTask { await self.followPreviews() }
            group.addTask { await self.followInputs() }
            for await status in group {
                guard let status else { continue }
                // The terminal is given back first: closing a connection may take a while.
                self.close()
                exit(status)
            }
            return 0
        }
    }

    private func followFeed() async -> Int32? {
        if case .recording(let replay) = self.source, replay.isTorn {
            self.send(.notice(self.model.words(.recordingIsTorn)))
        }
        for await event in self.source.events {
            if let failure = self.recorder?.take(event, now: WallClock.now) { self.send(.notice(failure)) }
            let wasLive = self.model.isLive
            self.send(event.message)
            if self.model.isLive == wasLive { self.paintSoon() } else { self.paint() }
        }
        if self.model.isReplay {
            self.send(.notice(self.model.words(.recordingEnds)))
            self.paint()
        }
        return nil
    }

    private func followOutcomes() async -> Int32? {
        for await (request, outcome) in self.requests.outcomes {
            self.send(.finished(request: request, outcome))
            self.paint()
        }
        return nil
    }

    private func followPreviews() async -> Int32? {
        for await (number, outcome) in self.previews.outcomes {
            self.send(.previewed(number: number, outcome))
            self.paint()
        }
        return nil
    }

    private func followLogs() async -> Int32? {
        for await report in self.logs.reports {
            switch report {
            case .printed(let stream, let entries): self.send(.logs(stream: stream, entries))
            case .ended(let stream, let reason): self.send(.logsEnded(stream: stream, reason: reason))
            }
            self.paintSoon()
        }
        return nil
    }

    private func followInputs() async -> Int32? {
        for await input in self.inputs.stream {
            var keys: [Key] = []
            switch input {
            case .bytes(let bytes): keys = self.decoder.feed(bytes, at: WallClock.now)
            case .alarm:
                keys = self.decoder.settle(at: WallClock.now)
                self.send(.tick)
            case .resized:
                let size = self.terminal.size
                self.screen.resize(to: size)
                self.send(.resized(size))
                self.shown = nil
            case .stopped(let signal): return 128 + signal
            case .closed: return 1
            }
            for key in keys { self.send(.key(key)) }
            if !keys.isEmpty { self.keepViews() }
            if let status = self.status { return status }
            if keys.isEmpty { self.paintSoon() } else { self.paint() }
        }
        return 1
    }

    private func send(_ message: Message) {
        for effect in update(&self.model, message, now: self.source.time(at: WallClock.now)) {
            if let request = effect.request { self.submit(effect, request) }
            switch effect {
            case .scale, .setAvailability, .setRole, .changeCluster, .readKeys, .roll, .rollBack,
                .removeService, .removeNode, .transferLeader, .inspect, .replaceSpec, .several:
                break
            case .preview(let number, let request): self.previews.submit(number, request)
            case .openEditor(let request, let text): self.edit(text, request)
            case .followLogs(let stream, let source, let since):
                if self.model.isReplay {
                    self.send(.logsEnded(stream: stream, reason: self.model.words(.logsNotRecorded)))
                } else {
                    self.logs.follow(stream: stream, source, since: since)
                }
            case .copy(let text): self.screen.copy(text)
            case .redraw:
                self.screen.forget()
                self.shown = nil
            case .suspend: self.suspend()
            case .quit: self.status = 0
            }
        }
    }

    /// Asks the manager; of a recording there is none.
    private func submit(_ effect: Effect, _ request: Int) {
        if self.model.isReplay {
            self.send(.finished(request: request, .failed(self.model.words(.objectsNotRecorded))))
        } else {
            self.requests.submit(effect, request: request)
        }
    }

    /// Paints now, or when the frame before has been up for long enough.
    private func paintSoon() {
        let rest = Self.frameTime - (WallClock.now - self.painted)
        if rest > .zero, rest <= Self.frameTime { self.wake(after: rest) } else { self.paint() }
    }

    /// Sets the alarm, no later than a pending ESC needs it.
    private func wake(after delay: Duration?) {
        let escape = self.decoder.deadline.map { max($0 - WallClock.now, .milliseconds(1)) }
        if let next = [delay, escape].compactMap({ $0 }).min() { self.inputs.alarm(after: next) }
    }

    private func paint() {
        let now = WallClock.now
        let frame = view(self.model, self.model.size, self.screen.capabilities)
        if self.shown?.looksLike(frame) != true || self.screen.hasClipboard {
            self.screen.paint(frame)
            self.painted = now
        }
        self.shown = frame
        self.send(.painted)
        let shown = self.source.time(at: now)
        self.wake(after: frame.validUntil.map { max(self.source.wait($0 - shown), Self.tickTime) })
    }

    /// Ctrl-Z: gives the terminal to the shell until the operator comes back.
    private func suspend() {
        self.close()
        // To this thread: sent to the process, another one could take it while this one goes on.
        raise(SIGSTOP)
        self.terminal.makeRaw()
        self.screen.reopen()
        self.shown = nil
    }

    /// Gives the terminal to the editor; whatever the cluster does meanwhile waits.
    private func edit(_ text: String, _ request: Int) {
        self.inputs.pause()
        self.close()
        let edited = Result { try Editor.edit(text) }
        self.terminal.makeRaw()
        self.screen.reopen()
        self.inputs.resume()
        self.shown = nil
        switch edited {
        case .success(let text): self.send(.edited(request: request, text: text, failure: ""))
        case .failure(let error): self.send(.edited(request: request, text: nil, failure: "\(error)"))
        }
    }

    private func close() {
        self.screen.close()
        self.terminal.restore()
    }
}
