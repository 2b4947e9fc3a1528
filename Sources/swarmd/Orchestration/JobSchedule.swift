package import Primitives
package import StoreCore
package import SwarmAPI

/// Begins the runs of jobs that have a schedule, by the label `swarmd.cron`.
///
/// A run is a new iteration of the job whose last execution is the moment of the schedule; that is how it is
/// told from the iterations that a creation or a change begins, which make no tasks. A run is left out while
/// the one before it is under way, unless `swarmd.cron.overlap=replace` has that one given up. Of the moments
/// that no leader was there for, the last is made up for.
package struct JobSchedule: Reconciler {
    /// The label of a job with its schedule.
    package static let label = "swarmd.cron"
    /// The label that says what becomes of a run that is under way at the next moment: `skip` or `replace`.
    package static let overlapLabel = "swarmd.cron.overlap"

    private var schedules: [String: CronExpression] = [:]
    /// When each job runs next.
    private var next: [String: Timestamp] = [:]

    package init() {}

    package var deadline: Timestamp? { self.next.values.min() }

    /// Tells what is wrong with the labels of `spec`, or nil.
    package static func fault(in spec: SwarmServiceSpec) -> String? {
        let labels = spec.annotations.labels
        if let overlap = labels[Self.overlapLabel], !["skip", "replace"].contains(overlap) {
            return "\(Self.overlapLabel): \"\(overlap)\" is neither skip nor replace"
        }
        guard let text = labels[Self.label] else { return nil }
        switch spec.mode {
        case .replicatedJob?, .globalJob?: break
        case .replicated?, .global?, nil: return "\(Self.label): only jobs have a schedule"
        }
        do { _ = try CronExpression(text) } catch { return "\(Self.label): \(error.description)" }
        return nil
    }

    /// Whether the tasks of the job's present iteration are to be made.
    static func isRunDue(of service: SwarmService) -> Bool {
        guard let text = service.spec.annotations.labels[Self.label] else { return true }
        guard let schedule = try? CronExpression(text) else { return false }
        return schedule.includes(Timestamp(service.jobStatus.lastExecution))
    }

    package mutating func start(on state: StoreState, now: Timestamp) {
        self = Self()
        for service in state.services.unordered { self.note(service) }
    }

    package mutating func observe(_ commit: Commit, now: Timestamp) {
        for change in commit.changes {
            switch change {
            case .create(.service(let service)), .update(.service(let service), _): self.note(service)
            case .remove(.service(let service)):
                self.schedules[service.id] = nil
                self.next[service.id] = nil
            default: break
            }
        }
    }

    package mutating func plan(
        on state: StoreState,
        now: Timestamp,
        using generator: inout SeededGenerator
    ) -> [StoreEdit] {
        var edits: [StoreEdit] = []
        for id in self.next.filter({ $0.value <= now }).keys.sorted() {
            guard let schedule = self.schedules[id], var moment = self.next[id] else { continue }
            let following = schedule.next(after: now)
            self.next[id] = following
            guard var service = state.services[id] else { continue }
            while let later = schedule.next(after: moment), later <= now { moment = later }
            guard !Self.isUnderWay(service, on: state) else { continue }
            service.jobStatus.jobIteration.index += 1
            service.jobStatus.lastExecution = moment.protobuf
            edits.append(.update(service.value))
        }
        return edits
    }

    private mutating func note(_ service: SwarmService) {
        guard service.isJob, let text = service.spec.annotations.labels[Self.label],
            let schedule = try? CronExpression(text)
        else {
            self.schedules[service.id] = nil
            self.next[service.id] = nil
            return
        }
        self.schedules[service.id] = schedule
        self.next[service.id] = schedule.next(after: Timestamp(service.jobStatus.lastExecution))
    }

    /// Whether the present run must be left alone.
    private static func isUnderWay(_ service: SwarmService, on state: StoreState) -> Bool {
        guard service.spec.annotations.labels[Self.overlapLabel] != "replace" else { return false }
        return state.tasks.find(.service(service.id)).contains {
            $0.jobIteration == service.jobStatus.jobIteration && $0.isWanted && !$0.hasEnded
        }
    }
}
