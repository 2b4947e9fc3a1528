/// Where a machine's controllers are.
package struct CgroupLayout: Sendable, Equatable {
    /// A controller's hierarchy: the kernel's interface, and the directory under which groups are made.
    package struct Hierarchy: Sendable, Equatable {
        package var isUnified: Bool
        package var root: String

        package init(isUnified: Bool, root: String) {
            self.isUnified = isUnified
            self.root = root
        }
    }

    /// The hierarchies of "memory", "cpu" and "pids", as far as they can be used.
    package var controllers: [String: Hierarchy]
    /// The hierarchy by which a task's processes are followed and killed; nil where there is none at all.
    package var tracker: Hierarchy?

    package init(controllers: [String: Hierarchy], tracker: Hierarchy?) {
        self.controllers = controllers
        self.tracker = tracker
    }
}

/// The control group of one task, as data: which directories, which files, which values.
package struct CgroupPlan: Sendable, Equatable {
    /// A value that goes into a file.
    package struct Setting: Sendable, Equatable {
        package var path: String
        package var value: String
        /// An optional one may be missing from the kernel; the limit holds without it.
        package var isRequired: Bool

        package init(path: String, value: String, isRequired: Bool = true) {
            self.path = path
            self.value = value
            self.isRequired = isRequired
        }
    }

    /// The period over which processor time is shared out, in µs: the kernel's default.
    private static let cpuPeriod: Int64 = 100_000
    /// The smallest quota that the kernel takes, in µs.
    private static let smallestCPUQuota: Int64 = 1_000

    package var directories: [String]
    package var settings: [Setting]
    /// The file that counts kills for lack of memory, when memory is limited.
    package var killCounter: String?

    /// No group at all.
    package init() {
        self.directories = []
        self.settings = []
    }

    /// The group called `name` under `layout`; throws `PlanError` for a limit that the machine cannot keep.
    package init(limits: ResourceLimits, layout: CgroupLayout, name: String) throws {
        self.init()
        if let tracker = layout.tracker { self.directories = ["\(tracker.root)/\(name)"] }
        if let bytes = limits.memoryBytes {
            let (directory, isUnified) = try self.join("memory", for: "limits.memory_bytes", layout, name)
            self.settings += Self.memory(bytes, directory, isUnified: isUnified)
            self.killCounter = "\(directory)/\(isUnified ? "memory.events" : "memory.oom_control")"
        }
        if let nanoCPUs = limits.nanoCPUs {
            let (directory, isUnified) = try self.join("cpu", for: "limits.nano_cpus", layout, name)
            self.settings += Self.cpu(nanoCPUs, directory, isUnified: isUnified)
        }
        if let processes = limits.processes {
            let (directory, _) = try self.join("pids", for: "container.pidsLimit", layout, name)
            self.settings.append(Setting(path: "\(directory)/pids.max", value: String(processes)))
        }
    }

    private mutating func join(
        _ controller: String,
        for field: String,
        _ layout: CgroupLayout,
        _ name: String
    ) throws -> (directory: String, isUnified: Bool) {
        guard let hierarchy = layout.controllers[controller] else {
            throw PlanError(
                field,
                "this node has no writable \(controller) control group, so it cannot keep the limit"
            )
        }
        let directory = "\(hierarchy.root)/\(name)"
        if !self.directories.contains(directory) { self.directories.append(directory) }
        return (directory, hierarchy.isUnified)
    }

    private static func memory(_ bytes: Int64, _ directory: String, isUnified: Bool) -> [Setting] {
        let value = String(bytes)
        guard isUnified else {
            return [
                Setting(path: "\(directory)/memory.limit_in_bytes", value: value),
                // Memory and swap together: a limit that swapping got around would be none.
                Setting(path: "\(directory)/memory.memsw.limit_in_bytes", value: value, isRequired: false),
            ]
        }
        return [
            Setting(path: "\(directory)/memory.max", value: value),
            Setting(path: "\(directory)/memory.swap.max", value: "0", isRequired: false),
            // All of the task dies or none of it: half a task serves nobody.
            Setting(path: "\(directory)/memory.oom.group", value: "1", isRequired: false),
        ]
    }

    private static func cpu(_ nanoCPUs: Int64, _ directory: String, isUnified: Bool) -> [Setting] {
        let (product, overflow) = nanoCPUs.multipliedReportingOverflow(by: Self.cpuPeriod)
        let quota = max(Self.smallestCPUQuota, overflow ? .max / 1_000_000_000 : product / 1_000_000_000)
        guard isUnified else {
            return [
                Setting(path: "\(directory)/cpu.cfs_period_us", value: String(Self.cpuPeriod)),
                Setting(path: "\(directory)/cpu.cfs_quota_us", value: String(quota)),
            ]
        }
        return [Setting(path: "\(directory)/cpu.max", value: "\(quota) \(Self.cpuPeriod)")]
    }
}
