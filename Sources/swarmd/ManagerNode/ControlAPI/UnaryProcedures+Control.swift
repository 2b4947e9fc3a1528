import GRPCCore
import SwarmAPI
import SwarmRPC
import SwiftProtobuf

extension UnaryProcedures {
    private typealias Method = SwarmControl.Method

    /// What operators ask of `control` about single objects, while it is this manager's to answer; changes are recorded
    /// by `audit`, those of the cluster as they differ from `cluster`.
    ///
    /// Lists, which take long, go gRPC's way.
    init(
        _ control: ControlService,
        audit: AuditLog,
        cluster: @escaping @Sendable () -> SwarmCluster? = { nil },
        while isOpen: @escaping @Sendable () -> Bool
    ) {
        self.init(while: isOpen)
        self.addChanges(control, AuditedProcedures(audit: audit, cluster: cluster))
        self.add(Method.GetNode.descriptor, control.getNode(request:context:))
        self.add(Method.GetTask.descriptor, control.getTask(request:context:))
        self.add(Method.GetService.descriptor, control.getService(request:context:))
        self.add(Method.GetNetwork.descriptor, control.getNetwork(request:context:))
        self.add(Method.GetCluster.descriptor, control.getCluster(request:context:))
        self.add(Method.GetSecret.descriptor, control.getSecret(request:context:))
        self.add(Method.GetConfig.descriptor, control.getConfig(request:context:))
        self.add(Method.GetExtension.descriptor, control.getExtension(request:context:))
        self.add(Method.GetResource.descriptor, control.getResource(request:context:))
        self.add(Method.GetVolume.descriptor, control.getVolume(request:context:))
    }

    private mutating func addChanges(_ control: ControlService, _ audit: AuditedProcedures) {
        self.add(Method.UpdateNode.descriptor, audit, control.updateNode(request:context:))
        self.add(Method.RemoveNode.descriptor, audit, control.removeNode(request:context:))
        self.add(Method.RemoveTask.descriptor, audit, control.removeTask(request:context:))
        self.add(Method.CreateService.descriptor, audit, control.createService(request:context:))
        self.add(Method.UpdateService.descriptor, audit, control.updateService(request:context:))
        self.add(Method.RemoveService.descriptor, audit, control.removeService(request:context:))
        self.add(Method.CreateNetwork.descriptor, audit, control.createNetwork(request:context:))
        self.add(Method.RemoveNetwork.descriptor, audit, control.removeNetwork(request:context:))
        self.add(Method.UpdateCluster.descriptor, audit, control.updateCluster(request:context:))
        self.add(Method.CreateSecret.descriptor, audit, control.createSecret(request:context:))
        self.add(Method.UpdateSecret.descriptor, audit, control.updateSecret(request:context:))
        self.add(Method.RemoveSecret.descriptor, audit, control.removeSecret(request:context:))
        self.add(Method.CreateConfig.descriptor, audit, control.createConfig(request:context:))
        self.add(Method.UpdateConfig.descriptor, audit, control.updateConfig(request:context:))
        self.add(Method.RemoveConfig.descriptor, audit, control.removeConfig(request:context:))
        self.add(Method.CreateExtension.descriptor, audit, control.createExtension(request:context:))
        self.add(Method.RemoveExtension.descriptor, audit, control.removeExtension(request:context:))
        self.add(Method.CreateResource.descriptor, audit, control.createResource(request:context:))
        self.add(Method.UpdateResource.descriptor, audit, control.updateResource(request:context:))
        self.add(Method.RemoveResource.descriptor, audit, control.removeResource(request:context:))
        self.add(Method.CreateVolume.descriptor, audit, control.createVolume(request:context:))
        self.add(Method.UpdateVolume.descriptor, audit, control.updateVolume(request:context:))
        self.add(Method.RemoveVolume.descriptor, audit, control.removeVolume(request:context:))
    }

    /// Has `body` handle `method`, which changes something.
    private mutating func add<Input: Message & AuditedRequest, Output: Message>(
        _ method: MethodDescriptor,
        _ audited: AuditedProcedures,
        _ body: @escaping @Sendable (Input, ServerContext) async throws -> Output
    ) {
        let service = method.service.fullyQualifiedService
        precondition(AuditedCalls.contains(service, method.method), "\(method) leaves no record")
        let name = AuditedCall.name(of: method)
        self.add(method) { (input: Input, context) in
            let subject = input.subject(in: audited.cluster)
            return try await audited.audit.record(AuditedCall(name, about: subject, by: context.peer)) {
                try await body(input, context)
            }
        }
    }
}

/// Where changes are recorded, and what the cluster is before them.
private struct AuditedProcedures: Sendable {
    let audit: AuditLog
    let cluster: @Sendable () -> SwarmCluster?
}
