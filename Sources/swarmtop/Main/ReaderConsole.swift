import CNcurses
import ConsoleCore
import ControlClient
import Dispatch
import Glibc
import Primitives

/// The console for screen readers: nothing but lines, which stay where they were written.
///
/// It takes no key but whole lines, as the terminal or a pipe gives them, so that nothing happens by a slip.
@MainActor
final class ReaderConsole {
    /// The shortest time between two reports of the cluster's changes.
    private static let reportTime: Duration = .seconds(1)
    private static let feedLimit = 4096

    private let source: Source
    private let recorder: Recorder?
    private let requests: Requests
    private let previews: Previews
    private let logs: LogFollower
    private var model: Model
    private var text = ReaderText()
    private let wakes = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private var status: Int32?
    /// What is wrong with the configuration file.
    private let faults: [String]

    init(_ flags: Flags, files: OperatorFiles) throws {
        var flags = flags
        let (given, faults) = files.settings()
        // Lines need no theme and no keys: what the language is, is all that they share with the screen.
        var settings = Settings()
        settings.language = flags.take(given).language
        self.faults = faults
        self.source = try Console.source(flags)
        self.recorder = try flags.record.map { try Recorder($0, start: WallClock.now) }
        self.requests = Requests(socket: flags.socket)
        self.previews = Previews(socket: flags.socket)
        self.logs = LogFollower(socket: flags.socket)
        self.model = Model(
            size: Size(columns: 110, rows: 300),
            readOnly: flags.readOnly,
            socket: flags.socket,
            now: self.source.time(at: WallClock.now),
            settings: settings
        )
        setlocale(LC_ALL, "")
        if flags.ascii || sw_is_utf8() == 0 { self.model.speak(.english) }
        self.model.isReplay = flags.replay != nil
    }

    /// Works until the operator quits or standard input ends; returns the exit status.
    func run() async -> Int32 {
        self.say(self.model.greeting)
        for fault in self.faults { self.say(fault) }
        await withTaskGroup(of: Bool.self) { group in
            let (source, requests, previews, logs) = (self.source, self.requests, self.previews, self.logs)
            group.addTask {
                await source.run()
                return false
            }
            group.addTask {
                await requests.run()
                return false
            }
            group.addTask {
                await previews.run()
                return false
            }
            group.addTask {
                await logs.run()
                return false
            }
            group.addTask { await self.followSource() }
            group.addTask { await self.followWakes() }
            group.addTask { await self.followOutcomes() }
            group.addTask { await self.followPreviews() }
            group.addTask { await self.followLogs() }
            group.addTask { await self.followLines() }
            for await isOver in group where isOver {
                // Closing a connection may take a while.
                exit(self.status ?? 0)
            }
        }
        return self.status ?? 0
    }

    private func followSource() async -> Bool {
        var told = WallClock.now
        for await event in self.source.events {
            if let failure = self.recorder?.take(event, now: WallClock.now) { self.say(failure) }
            self.send(event.message)
            // Many changes at once are told together.
            if WallClock.now - told >= Self.reportTime || !self.model.isLive || event.isListing {
                self.report()
                told = WallClock.now
            } else {
                self.wakes.continuation.yield()
            }
        }
        if self.model.isReplay { self.say(self.model.recordingEnd) }
        return false
    }

    /// Tells what is left when changes have come so fast that they were not told one by one.
    private func followWakes() async -> Bool {
        for await _ in self.wakes.stream {
            guard (try? await Task.sleep(for: Self.reportTime)) != nil else { return false }
            self.report()
        }
        return false
    }

    private func followOutcomes() async -> Bool {
        for await (request, outcome) in self.requests.outcomes {
            self.send(.finished(request: request, outcome))
            self.report()
        }
        return false
    }

    private func followPreviews() async -> Bool {
        for await (number, outcome) in self.previews.outcomes {
            self.send(.previewed(number: number, outcome))
            self.report()
        }
        return false
    }

    private func followLogs() async -> Bool {
        for await report in self.logs.reports {
            switch report {
            case .printed(let stream, let entries): self.send(.logs(stream: stream, entries))
            case .ended(let stream, let reason): self.send(.logsEnded(stream: stream, reason: reason))
            }
        }
        return false
    }

    private func followLines() async -> Bool {
        for await line in Self.lines {
            self.carryOut(self.model.take(line: line, now: self.now))
            self.send(.painted)
            if self.status != nil { return true }
            self.report()
            if line.isEmpty, !self.model.isAsking {
                for line in ReaderText.list(self.model) { self.say(line) }
            }
        }
        return true
    }

    /// The lines of standard input, read on a thread of their own.
    private static var lines: AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: String.self,
            bufferingPolicy: .bufferingOldest(100)
        )
        DispatchQueue(label: "swarmtop.lines").async {
            while let line = readLine() { continuation.yield(line) }
            continuation.finish()
        }
        return stream
    }

    private var now: Timestamp { self.source.time(at: WallClock.now) }

    private func send(_ message: Message) { self.carryOut(update(&self.model, message, now: self.now)) }

    private func carryOut(_ effects: [Effect]) {
        for effect in effects {
            if let request = effect.request {
                if self.model.isReplay {
                    self.send(.finished(request: request, .failed(self.model.words(.objectsNotRecorded))))
                } else {
                    self.requests.submit(effect, request: request)
                }
            }
            switch effect {
            case .preview(let number, let request): self.previews.submit(number, request)
            case .followLogs(let stream, let source, let since):
                self.logs.follow(stream: stream, source, since: since)
            case .openEditor(let request, _):
                let failure = self.model.words(.noEditorForReader)
                self.send(.edited(request: request, text: nil, failure: failure))
            case .quit: self.status = 0
            default: break
            }
        }
    }

    private func report() { for line in self.text.lines(self.model) { self.say(line) } }

    private func say(_ line: String) { Output.write(line + "\n", to: STDOUT_FILENO) }
}

extension FeedEvent {
    /// The event as the model takes it.
    var message: Message {
        switch self {
        case .connecting: .connecting
        case .listed(let listing):
            .listed(
                cluster: listing.cluster,
                nodes: listing.nodes,
                services: listing.services,
                tasks: listing.tasks,
                networks: listing.networks,
                secrets: listing.secrets,
                configs: listing.configs
            )
        case .changed(let events): .changed(events)
        case .status(let status): .status(status)
        case .lost(let reason): .lost(reason: reason)
        }
    }

    fileprivate var isListing: Bool { if case .listed = self { true } else { false } }
}
