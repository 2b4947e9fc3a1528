import GRPCCore
import Primitives
import SwarmAPI
import SwiftProtobuf

/// What an UpdateService request makes of a service (SwarmKit `controlapi/service.go`, `UpdateService`).
enum ServiceUpdate {
    /// Refuses changes that an orchestrator cannot follow: another name, another mode, and networks in
    /// the place that is deprecated for them.
    static func check(_ spec: SwarmServiceSpec, instead old: SwarmServiceSpec) throws(RPCError) {
        if spec.networks != old.networks && spec.task.networks == old.task.networks {
            throw .unimplemented("networks must be migrated to TaskSpec before being changed")
        }
        guard Self.modeNumber(spec) == Self.modeNumber(old) else {
            throw .unimplemented("service mode change is not allowed")
        }
        guard spec.annotations.name == old.annotations.name else {
            throw .unimplemented("name: renaming services is not supported")
        }
    }

    /// The service with the request's spec, or with its previous one where a rollback is asked for.
    ///
    /// The new spec's version is the version that the client sent, which the store then compares with the
    /// stored one: it tells specs apart and is not the version of the object after the update.
    static func applied(
        _ request: SwarmUpdateServiceRequest,
        to old: SwarmService,
        now: Timestamp
    ) throws(RPCError) -> SwarmService {
        var service = old
        service.meta.version = request.serviceVersion
        if service.hasJobStatus {
            service.jobStatus.jobIteration.index += 1
            service.jobStatus.lastExecution = now.protobuf
        }
        service.previousSpec = old.spec
        if old.hasSpecVersion {
            service.previousSpecVersion = old.specVersion
        } else {
            service.clearPreviousSpecVersion()
        }
        guard request.rollback == .previous else {
            service.spec = request.spec
            service.specVersion = request.serviceVersion
            service.clearUpdateStatus()
            return service
        }
        try Self.rollBack(&service, to: old, now: now)
        return service
    }

    /// Swaps the spec and the one before.
    private static func rollBack(
        _ service: inout SwarmService,
        to old: SwarmService,
        now: Timestamp
    ) throws(RPCError) {
        guard !old.spec.isJob else {
            // Each change of a job is another run: there is nothing to roll back (parity JB-05).
            throw .precondition(
                "service \(old.id) is a job and has no rollback: update it with the spec to run"
            )
        }
        guard old.hasPreviousSpec else {
            throw .precondition("service \(old.id) does not have a previous spec")
        }
        service.spec = old.previousSpec
        if old.hasPreviousSpecVersion {
            service.specVersion = old.previousSpecVersion
        } else {
            service.clearSpecVersion()
        }
        service.updateStatus = .with {
            $0.state = .rollbackStarted
            $0.message = "manually requested rollback"
            $0.startedAt = now.protobuf
        }
    }

    private static func modeNumber(_ spec: SwarmServiceSpec) -> Int {
        switch spec.mode {
        case .replicated?: 1
        case .global?: 2
        case .replicatedJob?: 3
        case .globalJob?: 4
        case nil: 0
        }
    }
}
