package import GRPCCore
import SwarmAPI
import SwarmRPC

extension ServiceBoard {
    /// Every method that the local socket serves at one time or another.
    package static let localMethods: [MethodDescriptor] =
        SwarmControl.Method.descriptors + SwarmWatch.Method.descriptors + SwarmLogs.Method.descriptors
        + SwarmDispatcher.Method.descriptors + SwarmCA.Method.descriptors + SwarmNodeCA.Method.descriptors
        + SwarmLogBroker.Method.descriptors + SwarmResourceAllocator.Method.descriptors
        + SwarmHealth.Method.descriptors + SwarmdConsole.Method.descriptors
        + SwarmdMaintenance.Method.descriptors + SwarmdAudit.Method.descriptors
        + SwarmdNodeControl.Method.descriptors

    /// Whether a call of an operator's may take so long that the group's would wait for it.
    @Sendable package static func takesLong(_ method: MethodDescriptor) -> Bool {
        ManagerParts.takesLong(method) || method.service == SwarmdNodeControl.descriptor
            || method.service == SwarmdAudit.descriptor
    }
}
