import Primitives
package import SwarmAPI

/// What a task is as a plain process on its node.
package struct ProcessPlan: Sendable, Equatable {
    /// The image name that stands for the node's own file system.
    package static let hostImage = "host"
    /// Docker's PATH for images that set none.
    package static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    /// SwarmKit's grace period for a task that sets none.
    package static let defaultStopGrace: Duration = .seconds(10)
    private static let defaultStopSignal: Int32 = 15

    package var taskID: String
    /// The program and its arguments; never empty.
    package var arguments: [String]
    /// "NAME=value", one for each name.
    package var environment: [String]
    /// Whether HOME is left to the machine: the spec neither sets nor removes it.
    package var wantsHome: Bool
    package var directory: String
    package var user: UserReference?
    /// Further groups, by name or number.
    package var groups: [String]
    package var stopSignal: Int32
    package var stopGrace: Duration
    package var limits: ResourceLimits
    package var log: LogLimits

    /// Plans `task` for a node called `hostname`, where its secrets and configs will be below `files`; throws `PlanError`
    /// where a process cannot be what its spec asks for.
    package init(_ task: SwarmTask, hostname: String, files: String = "") throws {
        guard case .container(let container)? = task.spec.runtime else {
            throw PlanError("runtime", "the process executor runs containers' specs only")
        }
        guard container.image == Self.hostImage else {
            throw PlanError(
                "container.image",
                "\"\(container.image)\" cannot be run: the process executor knows no image but \"\(Self.hostImage)\""
            )
        }
        try UnsupportedFields.check(container)
        try ProcessFiles.check(container)
        self.taskID = task.id
        self.arguments = container.command + container.args
        guard let program = self.arguments.first, !program.isEmpty else {
            throw PlanError("container.command", "command and args are both empty: there is nothing to run")
        }
        self.environment = Environment.merge(
            base: [
                "PATH=\(Self.defaultPath)",
                "HOSTNAME=\(container.hostname.isEmpty ? hostname : container.hostname)",
            ] + ProcessFiles.variables(of: container, in: files),
            over: container.env
        )
        self.wantsHome = Environment.isSilent(on: "HOME", in: container.env)
        self.directory = container.dir.isEmpty ? "/" : container.dir
        self.user = try UserReference(container.user)
        self.groups = container.groups
        self.stopSignal = try Self.stopSignal(container.stopSignal)
        self.stopGrace =
            container.hasStopGracePeriod ? Duration(container.stopGracePeriod) : Self.defaultStopGrace
        self.limits = ResourceLimits(task.spec)
        self.log = try LogLimits(task)
        try self.check()
    }

    private func check() throws {
        guard self.stopGrace >= .zero else {
            throw PlanError("container.stop_grace_period", "must not be negative")
        }
        guard self.directory.hasPrefix("/") else {
            throw PlanError("container.dir", "\"\(self.directory)\" is not an absolute path")
        }
        // The kernel's strings end at a zero: what came after it would silently be lost.
        let texts = [("container.command", self.arguments), ("container.env", self.environment)]
        for (field, values) in texts where values.contains(where: { $0.utf8.contains(0) }) {
            throw PlanError(field, "must not contain a zero byte")
        }
    }

    private static func stopSignal(_ text: String) throws -> Int32 {
        if text.isEmpty { return Self.defaultStopSignal }
        guard let number = Signals.number(text) else {
            throw PlanError("container.stop_signal", "\"\(text)\" is not a signal")
        }
        return number
    }
}
