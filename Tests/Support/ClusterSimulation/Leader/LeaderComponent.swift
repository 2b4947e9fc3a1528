import Allocation
import Orchestration
import Primitives
import Scheduling
import StoreCore

/// A component of the leader with its loop: it looks at commits some time after they came, and what it wants
/// done is committed some time after it decided.
struct LeaderComponent: Sendable {
    enum Activity: Sendable, Equatable {
        /// Waits for a commit or its deadline.
        case waiting
        /// Will look because of commits.
        case called
        /// Has edits under way, and hears of nothing meanwhile.
        case writing
    }

    let actor: Actor
    var core: any Reconciler
    /// How many commits of the term it has taken in.
    var position: Int
    /// How many it must have taken in to know of what it has written last.
    var written = 0
    /// The state that it has decided on last.
    var seen: StoreState
    var edits: ArraySlice<StoreEdit> = []
    var activity = Activity.called
    /// The number of the look that is due; others were called off.
    var ticket = 0

    /// The component of a leader that begins with `state` after `position` commits.
    init(_ actor: Actor, on state: StoreState, position: Int, now: Timestamp) {
        self.actor = actor
        self.core = Self.fresh(actor)
        self.position = position
        self.seen = state
        self.core.start(on: state, now: now)
    }

    private static func fresh(_ actor: Actor) -> any Reconciler {
        switch actor {
        case .orchestrator: ServiceOrchestrator()
        case .jobSchedule: JobSchedule()
        case .constraintEnforcer: ConstraintEnforcer()
        case .volumeEnforcer: VolumeEnforcer()
        case .allocator: Allocator()
        case .scheduler: Scheduler()
        case .reaper, .agents, .dispatcher, .users: TaskReaper()
        }
    }
}
