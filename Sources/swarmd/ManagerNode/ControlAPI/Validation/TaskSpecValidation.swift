import FoundationEssentials
import GRPCCore
import Scheduling
import SwarmAPI
import SwiftProtobuf

/// Whether a task's spec can be taken (SwarmKit `controlapi/service.go`, `validateTaskSpec`).
enum TaskSpecValidation {
    /// A thousandth of a processor.
    static let minimumNanoCPUs: Int64 = 1_000_000
    static let minimumMemory: Int64 = 4 << 20

    /// Checks the spec of the tasks that the service called and labelled so is to have.
    static func check(_ spec: SwarmTaskSpec, of service: SwarmAnnotations) throws(RPCError) {
        if spec.hasResources {
            try Self.check(spec.resources.limits)
            try Self.check(spec.resources.reservations)
            try Self.check(spec.resources.limits.generic, "limits")
            try Self.check(spec.resources.reservations.generic, "reservations")
        }
        if spec.hasRestart { try Self.check(spec.restart) }
        if spec.hasPlacement { try Self.check(spec.placement) }
        switch spec.runtime {
        case .container(let container)?: try ContainerSpecValidation.check(container, of: service)
        case .generic(let generic)?: try Self.check(generic)
        case .attachment?: throw .unimplemented("RuntimeSpec: unimplemented runtime in service spec")
        case nil: throw .invalid("TaskSpec: missing runtime")
        }
    }

    private static func check(_ resources: SwarmResources) throws(RPCError) {
        if resources.nanoCpus != 0 && resources.nanoCpus < Self.minimumNanoCPUs {
            let cpus = Double(resources.nanoCpus) / 1e9
            throw .invalid("invalid cpu value \(cpus): Must be at least 0.001")
        }
        if resources.memoryBytes != 0 && resources.memoryBytes < Self.minimumMemory {
            throw .invalid("invalid memory value \(resources.memoryBytes): Must be at least 4MiB")
        }
    }

    /// A task asks for a number of a kind, and gets names where the node has named ones.
    ///
    /// SwarmKit finds what is wrong here, and then says that all is well (parity BUG-09).
    private static func check(_ generic: [SwarmGenericResource], _ field: String) throws(RPCError) {
        var kinds: Set<String> = []
        for resource in generic {
            guard case .discreteResourceSpec(let wish)? = resource.resource else {
                throw .invalid("resources.\(field).generic: ask for a number of a kind, not for names")
            }
            guard !wish.kind.isEmpty else { throw .invalid("resources.\(field).generic: a kind is missing") }
            guard wish.value > 0 else {
                throw .invalid("resources.\(field).generic: \(wish.kind): \(wish.value) is no number above 0")
            }
            guard kinds.insert(wish.kind).inserted else {
                throw .invalid("resources.\(field).generic: \(wish.kind) is given twice")
            }
        }
    }

    private static func check(_ policy: SwarmRestartPolicy) throws(RPCError) {
        if policy.hasDelay { try DurationValidation.check(policy.delay, "TaskSpec: restart-delay") }
        if policy.hasWindow { try DurationValidation.check(policy.window, "TaskSpec: restart-window") }
    }

    /// SwarmKit's parser gives a plain error, which gRPC sends as UNKNOWN.
    private static func check(_ placement: SwarmPlacement) throws(RPCError) {
        do {
            _ = try Constraint.parse(placement.constraints)
        } catch {
            throw RPCError(code: .unknown, message: error.description)
        }
    }

    private static func check(_ generic: SwarmGenericRuntimeSpec) throws(RPCError) {
        guard generic.kind.utf8.count >= 3 else {
            throw .invalid("Generic runtime: Invalid name \"\(generic.kind)\"")
        }
        guard !["container", "attachment"].contains(generic.kind.lowercased()) else {
            throw .invalid("Generic runtime: \"\(generic.kind)\" is a reserved name")
        }
        guard generic.hasPayload else { throw .invalid("Generic runtime is missing payload") }
        guard !generic.payload.typeURL.isEmpty else {
            throw .invalid("Generic runtime is missing payload type")
        }
        guard !generic.payload.value.isEmpty else {
            throw .invalid("Generic runtime has an empty payload")
        }
    }
}
