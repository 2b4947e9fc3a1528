/// All that a task's supervisor needs to know, resolved for this machine: nothing is left to look up.
package struct LaunchPlan: Sendable, Equatable {
    /// The version of the text form; a newer one is not read.
    package static let version = 1

    /// The numbers behind a user.
    package struct Identity: Sendable, Equatable {
        package var uid: UInt32
        package var gid: UInt32
        package var groups: [UInt32]

        package init(uid: UInt32, gid: UInt32, groups: [UInt32]) {
            self.uid = uid
            self.gid = gid
            self.groups = groups
        }
    }

    package var taskID: String
    package var arguments: [String]
    package var environment: [String]
    package var directory: String
    package var identity: Identity?
    package var cgroup: CgroupPlan
    package var log: LogLimits

    /// Resolves `plan`: `identity` and `cgroup` come from the machine.
    package init(_ plan: ProcessPlan, identity: Identity?, cgroup: CgroupPlan) {
        self.taskID = plan.taskID
        self.arguments = plan.arguments
        self.environment = plan.environment
        self.directory = plan.directory
        self.identity = identity
        self.cgroup = cgroup
        self.log = plan.log
    }

    package func encoded() -> [UInt8] {
        var text = FieldText()
        text.add("task", self.taskID)
        for argument in self.arguments { text.add("argument", argument) }
        for entry in self.environment { text.add("environment", entry) }
        text.add("directory", self.directory)
        text.add("uid", self.identity?.uid)
        text.add("gid", self.identity?.gid)
        for group in self.identity?.groups ?? [] { text.add("group", group) }
        for directory in self.cgroup.directories { text.add("cgroup", directory) }
        for setting in self.cgroup.settings {
            text.add(setting.isRequired ? "cgroup-set" : "cgroup-try", "\(setting.value)=\(setting.path)")
        }
        if let counter = self.cgroup.killCounter { text.add("cgroup-kills", counter) }
        text.add("log-bytes", self.log.fileBytes)
        text.add("log-files", self.log.files)
        return text.encoded()
    }

    /// Reads what `encoded` made; nil where it says nothing to run.
    package init?(decoding bytes: [UInt8]) {
        let text = FieldText(decoding: bytes)
        guard let taskID = text.last("task"), let directory = text.last("directory") else { return nil }
        self.taskID = taskID
        self.arguments = text.all("argument")
        self.environment = text.all("environment")
        self.directory = directory
        if let uid: UInt32 = text.number("uid"), let gid: UInt32 = text.number("gid") {
            self.identity = Identity(uid: uid, gid: gid, groups: text.all("group").compactMap { UInt32($0) })
        }
        self.cgroup = CgroupPlan()
        self.cgroup.directories = text.all("cgroup")
        self.cgroup.settings =
            text.all("cgroup-set").compactMap { Self.setting($0, isRequired: true) }
            + text.all("cgroup-try").compactMap { Self.setting($0, isRequired: false) }
        self.cgroup.killCounter = text.last("cgroup-kills")
        self.log = LogLimits(
            fileBytes: text.number("log-bytes") ?? LogLimits.standard.fileBytes,
            files: text.number("log-files") ?? LogLimits.standard.files
        )
        if self.arguments.isEmpty { return nil }
    }

    private static func setting(_ text: String, isRequired: Bool) -> CgroupPlan.Setting? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        return CgroupPlan.Setting(
            path: String(text[text.index(after: equals)...]),
            value: String(text[..<equals]),
            isRequired: isRequired
        )
    }
}
