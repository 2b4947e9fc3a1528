/// Who changes the store.
enum Actor: String, Sendable, CaseIterable {
    case orchestrator, jobSchedule, constraintEnforcer, volumeEnforcer, allocator, scheduler, reaper
    /// What agents report of their tasks.
    case agents
    /// What the dispatcher notes of nodes, and of the tasks of lost ones.
    case dispatcher
    case users

    /// Those that are components with a loop of their own.
    static let components: [Actor] = [
        .orchestrator, .jobSchedule, .constraintEnforcer, .volumeEnforcer, .allocator, .scheduler, .reaper,
    ]
}
