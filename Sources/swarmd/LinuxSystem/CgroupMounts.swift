import Glibc

/// Where this machine's control groups are mounted.
///
/// Both versions of the kernel's interface may be there at once: a controller is then on one of them.
package struct CgroupMounts: Sendable, Equatable {
    /// A hierarchy: its interface and its root directory.
    package struct Mount: Sendable, Equatable {
        package var isUnified: Bool
        package var path: String

        package init(isUnified: Bool, path: String) {
            self.isUnified = isUnified
            self.path = path
        }
    }

    /// The hierarchy of each controller, such as "memory", "cpu" or "pids".
    package var controllers: [String: Mount]
    /// The root of version 2, which follows and kills groups even where no controller is on it.
    package var unified: String?

    package init(controllers: [String: Mount] = [:], unified: String? = nil) {
        self.controllers = controllers
        self.unified = unified
    }

    /// What this process sees and may write to.
    package static func detect() throws -> Self {
        var mounts = Self.parse(mountinfo: try Files.readText("/proc/self/mountinfo"))
        mounts.controllers = mounts.controllers.filter { access($0.value.path, W_OK) == 0 }
        guard let root = mounts.unified else { return mounts }
        guard access(root, W_OK) == 0 else {
            mounts.unified = nil
            return mounts
        }
        let offered = (try? Files.readText("\(root)/cgroup.controllers")) ?? ""
        for name in offered.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            mounts.controllers[String(name)] = Mount(isUnified: true, path: root)
        }
        return mounts
    }

    /// Reads the kernel's list of mounts: the first mount of each hierarchy counts.
    static func parse(mountinfo: String) -> Self {
        var mounts = Self()
        for line in mountinfo.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), fields.count > dash + 3, fields.count > 5 else {
                continue
            }
            let path = String(fields[4])
            switch fields[dash + 1] {
            case "cgroup2": mounts.unified = mounts.unified ?? path
            case "cgroup":
                for option in fields[dash + 3].split(separator: ",")
                where mounts.controllers[String(option)] == nil {
                    mounts.controllers[String(option)] = Mount(isUnified: false, path: path)
                }
            default: break
            }
        }
        return mounts
    }
}
