package import Primitives

/// How a task's process ended.
package struct TaskExit: Sendable, Equatable {
    /// The version of the text form; a newer one is not read.
    package static let version = 1

    /// The exit code by docker's convention: 128 + the signal's number if a signal ended it.
    package var code: Int32
    /// The signal that ended it.
    package var signal: Int32?
    /// The kernel killed it, or a part of it, because its memory limit was reached.
    package var isOutOfMemory: Bool
    /// What went wrong outside the process: it could not be started, its supervisor was killed.
    package var failure: String?
    package var at: Timestamp

    package init(
        code: Int32,
        signal: Int32? = nil,
        isOutOfMemory: Bool = false,
        failure: String? = nil,
        at: Timestamp
    ) {
        self.code = code
        self.signal = signal
        self.isOutOfMemory = isOutOfMemory
        self.failure = failure
        self.at = at
    }

    /// The end that a status of `waitpid` tells of.
    package init(waitStatus status: Int32, outOfMemoryKills: Int, at: Timestamp) {
        let signal = status & 0x7f
        let code = signal == 0 ? (status >> 8) & 0xff : 128 + signal
        self.init(
            code: code,
            signal: signal == 0 ? nil : signal,
            isOutOfMemory: outOfMemoryKills > 0 && code != 0,
            at: at
        )
    }

    /// Why, where there is more to say than the code.
    package var cause: String? {
        if let failure = self.failure { return failure }
        if self.isOutOfMemory { return "out of memory" }
        return self.signal.map { "killed by \(Signals.name($0))" }
    }

    package func encoded() -> [UInt8] {
        var text = FieldText()
        text.add("code", self.code)
        text.add("signal", self.signal)
        text.add("out-of-memory", self.isOutOfMemory ? 1 : 0)
        if let failure = self.failure { text.add("failure", failure) }
        text.add("at", self.at.nanoseconds)
        return text.encoded()
    }

    /// Reads what `encoded` made; nil where it has no exit code.
    package init?(decoding bytes: [UInt8]) {
        let text = FieldText(decoding: bytes)
        guard let code = text.number("code", as: Int32.self) else { return nil }
        self.init(
            code: code,
            signal: text.number("signal"),
            isOutOfMemory: text.last("out-of-memory") == "1",
            failure: text.last("failure"),
            at: Timestamp(nanoseconds: text.number("at") ?? 0)
        )
    }
}
