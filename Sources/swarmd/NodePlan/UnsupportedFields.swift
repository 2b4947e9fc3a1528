import SwarmAPI

/// What a spec may ask of a container and a plain process cannot give.
///
/// Such a task is refused: run without its mounts, its read-only root or its dropped capabilities it would
/// look well and be wrong.
enum UnsupportedFields {
    static func check(_ container: SwarmContainerSpec) throws {
        let table: [(field: String, isSet: Bool)] = [
            ("mounts", !container.mounts.isEmpty),
            ("tty", container.tty),
            ("open_stdin", container.openStdin),
            ("read_only", container.readOnly),
            ("hosts", !container.hosts.isEmpty),
            ("dns_config", container.hasDnsConfig),
            ("sysctls", !container.sysctls.isEmpty),
            ("capability_add", !container.capabilityAdd.isEmpty),
            ("capability_drop", !container.capabilityDrop.isEmpty),
            ("ulimits", !container.ulimits.isEmpty),
            ("oom_score_adj", container.oomScoreAdj != 0),
            ("privileges", container.hasPrivileges && container.privileges != SwarmPrivileges()),
            ("healthcheck", Self.hasCheck(container)),
        ]
        for row in table where row.isSet {
            throw PlanError("container.\(row.field)", "not available to a plain process on the host")
        }
    }

    private static func hasCheck(_ container: SwarmContainerSpec) -> Bool {
        guard container.hasHealthcheck else { return false }
        let test = container.healthcheck.test
        return !test.isEmpty && test != ["NONE"]
    }
}
