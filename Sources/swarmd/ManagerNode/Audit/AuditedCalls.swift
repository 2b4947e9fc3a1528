/// Which calls leave a record: those that change something, and those that hand out what must stay secret.
///
/// Of a service that operators use to change things everything counts that does not only read, so that a procedure
/// that is added later is not forgotten. What nodes say of themselves all day is not recorded.
enum AuditedCalls {
    /// Whether a call of `method` of `service`, which has its package, leaves a record.
    static func contains(_ service: String, _ method: String) -> Bool {
        switch service {
        case "docker.swarmkit.v1.Control": !method.hasPrefix("Get") && !method.hasPrefix("List")
        case "docker.swarmkit.v1.CA": method == "GetUnlockKey"
        case "docker.swarmkit.v1.NodeCA": method == "IssueNodeCertificate"
        case "docker.swarmkit.v1.ResourceAllocator", "docker.swarmkit.v1.RaftMembership": true
        case "swarmd.v1.NodeControl": method != "GetState"
        case "swarmd.v1.Console": !["Status", "Preview"].contains(method)
        case "swarmd.v1.Maintenance": !method.hasPrefix("Check")
        default: false
        }
    }
}
