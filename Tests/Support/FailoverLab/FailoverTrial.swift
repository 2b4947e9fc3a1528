import Foundation
import Glibc
package import Linearizability
package import NetworkLab

/// Something that happens to a group under load, and what its clients saw of that.
package struct FailoverTrial: Sendable {
    /// What happens.
    package enum Disturbance: Sendable {
        /// The leader's process is killed.
        case kill
        /// The leader is told to stop.
        case stop
        /// Packets of a manager are lost for a while.
        case cut(NetworkLab.Cut, leader: Bool, lasting: Duration)
    }

    /// What clients saw.
    package struct Result: Sendable {
        /// The longest time without an acknowledged write.
        package let gap: Duration
        /// How long a manager that was cut off took to answer a read, from healing on.
        package let recovery: Duration?
        /// Reads that a manager answered while it was cut off; all of them could be stale.
        package let answersWhileCut: Int
        /// What the checker says of everything that was called and answered.
        package let verdict: Verdict<ControlModel>
        /// All of that.
        package let history: ControlHistory
    }

    /// How long a group serves undisturbed before and after.
    private static let calm = Duration.milliseconds(500)

    private let disturbance: Disturbance
    private let pause: Duration

    /// Clients pause between calls.
    package init(_ disturbance: Disturbance, pause: Duration = .milliseconds(10)) {
        self.disturbance = disturbance
        self.pause = pause
    }

    /// Disturbs `group` and brings it back; `name` is new to the group.
    package func run(on group: LabGroup, name: String) async throws -> Result {
        let leader = try await group.settle()
        let recorder = HistoryRecorder(sockets: group.sockets, name: name, pause: self.pause)
        try await recorder.create(at: leader)
        let seen = try await withThrowingTaskGroup(of: Void.self) { tasks in
            defer { tasks.cancelAll() }
            tasks.addTask { await recorder.run() }
            try await Self.waitForWrite(recorder, after: .now)
            try await ContinuousClock().sleep(for: Self.calm)
            let began = ContinuousClock.now
            let (recovery, answers) = try await self.disturb(group, leader, recorder)
            try await Self.waitForWrite(recorder, after: .now)
            // A leader that was just elected may have to be elected again.
            try await ContinuousClock().sleep(for: Self.calm)
            guard let gap = recorder.longestGap(from: began) else {
                throw LabGroup.Failure.gaveUp("a write is acknowledged")
            }
            return (gap: gap, recovery: recovery, answers: answers)
        }
        try await recorder.readAll()
        let history = recorder.history
        return Result(
            gap: seen.gap,
            recovery: seen.recovery,
            answersWhileCut: seen.answers,
            verdict: HistoryChecker(ControlModel()).check(history.operations),
            history: history
        )
    }

    private func disturb(
        _ group: LabGroup,
        _ leader: Int,
        _ recorder: HistoryRecorder
    ) async throws -> (recovery: Duration?, answersWhileCut: Int) {
        switch self.disturbance {
        case .kill, .stop:
            let signal = if case .kill = self.disturbance { SIGKILL } else { SIGTERM }
            try await group.end(leader, signal)
            try await Self.waitForWrite(recorder, after: .now)
            try await ContinuousClock().sleep(for: Self.calm)
            try group.start(leader)
            try await Self.waitForAnswer(of: leader, recorder, after: .now)
            return (nil, 0)
        case .cut(let cut, let isLeader, let duration):
            let victim = isLeader ? leader : (leader + 1) % group.sockets.count
            try group.lab.cut(victim, cut)
            let cutOff = ContinuousClock.now
            try await ContinuousClock().sleep(for: duration)
            let healing = ContinuousClock.now
            try group.lab.heal(victim)
            let answers = recorder.answers(of: victim, askedIn: cutOff..<healing)
            let answered = try await Self.waitForAnswer(of: victim, recorder, after: healing)
            return (answered - healing, answers)
        }
    }

    @discardableResult
    private static func waitForAnswer(
        of member: Int,
        _ recorder: HistoryRecorder,
        after instant: ContinuousClock.Instant
    ) async throws -> ContinuousClock.Instant {
        var answered: ContinuousClock.Instant?
        try await LabGroup.wait("manager \(member) answers reads") {
            answered = recorder.firstAnswer(of: member, after: instant)
            return answered != nil
        }
        return answered ?? instant
    }

    private static func waitForWrite(
        _ recorder: HistoryRecorder,
        after instant: ContinuousClock.Instant
    ) async throws {
        try await LabGroup.wait("a write succeeds") { recorder.succeeded(after: instant) }
    }
}
