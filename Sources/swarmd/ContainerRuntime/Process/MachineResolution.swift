import Glibc
import LinuxSystem
import NodePlan

/// Makes of a plan what this machine can launch: names become numbers, limits become files.
extension LaunchPlan {
    /// The directory of every hierarchy under which tasks have their groups.
    private static let groupParent = "swarmd"

    /// Resolves `plan` on this machine; throws `PlanError` where the machine lacks what the plan needs.
    static func resolve(_ plan: ProcessPlan) throws -> LaunchPlan {
        let user = try plan.user.map(Self.user)
        let groups = try plan.groups.map { name in
            guard let gid = UserDatabase.group(name) else {
                throw PlanError("container.groups", "this node has no group \"\(name)\"")
            }
            return gid
        }
        let layout = Self.layout(try CgroupMounts.detect(), limits: plan.limits)
        let cgroup = try CgroupPlan(limits: plan.limits, layout: layout, name: plan.taskID)
        var launch = LaunchPlan(plan, identity: user?.identity(with: groups), cgroup: cgroup)
        if user == nil, !groups.isEmpty {
            let own = [UInt32](Set(groups + [getgid()])).sorted()
            launch.identity = Identity(uid: getuid(), gid: getgid(), groups: own)
        }
        if plan.wantsHome {
            let home = user?.home ?? UserDatabase.user("\(getuid())")?.home ?? "/"
            launch.environment.append("HOME=\(home)")
        }
        return launch
    }

    private struct ResolvedUser {
        var uid: UInt32
        var gid: UInt32
        var groups: [UInt32]
        var home: String

        func identity(with further: [UInt32]) -> Identity {
            Identity(uid: self.uid, gid: self.gid, groups: Set(self.groups + further).sorted())
        }
    }

    /// A number need not be anybody's; a name must.
    ///
    /// With a group given, the user's other groups do not apply.
    private static func user(_ reference: UserReference) throws -> ResolvedUser {
        let record = UserDatabase.user(reference.user)
        guard let uid = record?.uid ?? UInt32(reference.user) else {
            throw PlanError("container.user", "this node has no user \"\(reference.user)\"")
        }
        let home = record?.home ?? "/"
        if let name = reference.group {
            guard let gid = UserDatabase.group(name) else {
                throw PlanError("container.user", "this node has no group \"\(name)\"")
            }
            return ResolvedUser(uid: uid, gid: gid, groups: [gid], home: home)
        }
        guard let record else { return ResolvedUser(uid: uid, gid: 0, groups: [0], home: home) }
        let groups = UserDatabase.groups(of: record.name, gid: record.gid)
        return ResolvedUser(uid: uid, gid: record.gid, groups: groups, home: home)
    }

    /// The hierarchies that can be used, made ready for the controllers that `limits` need.
    private static func layout(_ mounts: CgroupMounts, limits: ResourceLimits) -> CgroupLayout {
        let needed = [
            ("memory", limits.memoryBytes != nil), ("cpu", limits.nanoCPUs != nil),
            ("pids", limits.processes != nil),
        ]
        var controllers: [String: CgroupLayout.Hierarchy] = [:]
        for (name, isNeeded) in needed where isNeeded {
            guard let mount = mounts.controllers[name], let hierarchy = Self.hierarchy(mount) else {
                continue
            }
            if mount.isUnified, !Self.enable(name, under: mount.path) { continue }
            controllers[name] = hierarchy
        }
        let tracker = mounts.unified.flatMap { Self.hierarchy(.init(isUnified: true, path: $0)) }
        let fallback = ["pids", "freezer", "memory", "cpu"].lazy.compactMap { mounts.controllers[$0] }
            .compactMap(Self.hierarchy).first
        return CgroupLayout(controllers: controllers, tracker: tracker ?? fallback)
    }

    private static func hierarchy(_ mount: CgroupMounts.Mount) -> CgroupLayout.Hierarchy? {
        let root = "\(mount.path)/\(Self.groupParent)"
        guard (try? Files.makeDirectory(root, mode: 0o755)) != nil else { return nil }
        return CgroupLayout.Hierarchy(isUnified: mount.isUnified, root: root)
    }

    /// Hands a controller of version 2 down to the tasks' groups; false where the machine does not allow it.
    private static func enable(_ controller: String, under path: String) -> Bool {
        [path, "\(path)/\(Self.groupParent)"].allSatisfy { directory in
            (try? Files.writeText("+\(controller)", to: "\(directory)/cgroup.subtree_control")) != nil
        }
    }
}
