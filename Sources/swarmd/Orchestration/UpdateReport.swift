import Primitives
import SwarmAPI

/// What a service says of its update (SwarmKit `orchestrator/update/updater.go`, the same words).
struct UpdateReport {
    private let service: SwarmService
    private let now: Timestamp

    init(_ service: SwarmService, now: Timestamp) {
        self.service = service
        self.now = now
    }

    /// The service with the start of its update; nil where it tells that already.
    var begun: SwarmService? {
        guard ![.updating, .rollbackStarted].contains(self.service.updateStatus.state) else { return nil }
        var service = self.service
        service.updateStatus = SwarmUpdateStatus()
        service.updateStatus.state = .updating
        service.updateStatus.message = "update in progress"
        service.updateStatus.startedAt = self.now.protobuf
        return service
    }

    /// The service with the end of its update.
    func completed(_ rule: UpdateRule) -> SwarmService? {
        var service = self.begun ?? self.service
        service.updateStatus.state = rule.isRollback ? .rollbackCompleted : .completed
        service.updateStatus.message = rule.isRollback ? "rollback completed" : "update completed"
        service.updateStatus.completedAt = self.now.protobuf
        return service
    }

    /// The service after too many failures: its update paused, or taken back.
    ///
    /// A rollback that fails is paused whatever its own failure action says: there is no spec before the one
    /// before (parity UP-07, BUG-02). So is an update where none is known.
    func stopped(by failure: UpdateProgress.Failure, rule: UpdateRule) -> SwarmService {
        var service = self.begun ?? self.service
        let kind = failure.isLate ? "late start" : "failure or early termination"
        let reason = "due to \(kind) of task \(failure.task)"
        if rule.action == .rollback, !rule.isRollback, service.hasPreviousSpec {
            service.spec = service.previousSpec
            service.clearPreviousSpec()
            service.specVersion = service.previousSpecVersion
            service.clearPreviousSpecVersion()
            service.updateStatus.state = .rollbackStarted
            service.updateStatus.message = "update rolled back \(reason)"
        } else {
            service.updateStatus.state = rule.isRollback ? .rollbackPaused : .paused
            let noun = rule.isRollback ? "rollback" : "update"
            service.updateStatus.message = "\(noun) paused \(reason)"
        }
        return service
    }
}
