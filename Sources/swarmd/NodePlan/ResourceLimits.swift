package import SwarmAPI

/// What a task may use at most; nil where there is no limit.
package struct ResourceLimits: Sendable, Equatable {
    package var memoryBytes: Int64?
    /// Billionths of a processor.
    package var nanoCPUs: Int64?
    package var processes: Int64?

    package init(memoryBytes: Int64? = nil, nanoCPUs: Int64? = nil, processes: Int64? = nil) {
        self.memoryBytes = memoryBytes
        self.nanoCPUs = nanoCPUs
        self.processes = processes
    }

    /// The limits that a spec asks for; zero means none, as in SwarmKit.
    package init(_ spec: SwarmTaskSpec) {
        let limits = spec.resources.limits
        self.memoryBytes = limits.memoryBytes > 0 ? limits.memoryBytes : nil
        self.nanoCPUs = limits.nanoCpus > 0 ? limits.nanoCpus : nil
        self.processes = spec.container.pidsLimit > 0 ? spec.container.pidsLimit : nil
    }
}
