import Glibc
import LinuxSystem
import NodePlan
import Primitives

/// A task's process together with its output, as its supervisor sees it.
struct SupervisedProcess: ~Copyable {
    /// How long output is still read after the process ended, in milliseconds: what is in the pipes comes at
    /// once, and a process that slipped out of the group could hold a pipe open for ever.
    private static let drainLimit: Int64 = 2_000

    let pid: Int32
    private var output: OutputStream
    private var errors: OutputStream
    private var log: LogWriter
    private let children: Descriptor
    private var status: Int32?

    private init(
        pid: Int32,
        output: consuming Descriptor,
        errors: consuming Descriptor,
        log: LogWriter,
        children: consuming Descriptor
    ) {
        self.pid = pid
        self.output = OutputStream(.stdout, output)
        self.errors = OutputStream(.stderr, errors)
        self.log = log
        self.children = children
    }

    /// Makes the group and starts the process in it.
    static func start(_ plan: LaunchPlan, _ group: ControlGroup, logs: String) throws -> SupervisedProcess {
        try Self.makeGroup(group, plan.cgroup)
        let children = try CurrentProcess.childSignals()
        let output = try Pipe()
        let errors = try Pipe()
        let launch = ProcessLaunch(
            arguments: plan.arguments,
            environment: plan.environment,
            directory: plan.directory,
            identity: plan.identity.map { .init(uid: $0.uid, gid: $0.gid, groups: $0.groups) },
            cgroups: group.members
        )
        let pid: Int32
        do { pid = try launch.start(output: output.writing, errors: errors.writing) } catch let failure
            as ProcessLaunch.Failure
        { throw StartFailure(failure, plan) }
        return SupervisedProcess(
            pid: pid,
            output: output.keepReading(),
            errors: errors.keepReading(),
            log: LogWriter(directory: logs, limits: plan.log),
            children: children
        )
    }

    private static func makeGroup(_ group: ControlGroup, _ plan: CgroupPlan) throws {
        do {
            try group.create()
            for setting in plan.settings {
                do { try Files.writeText(setting.value, to: setting.path) } catch  where !setting.isRequired {
                    continue
                }
            }
        } catch let error as SystemError {
            throw StartFailure(code: 125, cause: "its limits cannot be set: \(error)")
        }
    }

    /// Copies the output until the process ended and its pipes are empty; kills what it left behind.
    consuming func runToEnd(_ group: ControlGroup, killCounter: String?) throws -> TaskExit {
        try self.output.setNonblocking()
        try self.errors.setNonblocking()
        while self.status == nil {
            try self.poll(timeout: -1)
            if self.reap() { break }
        }
        let kills = killCounter.flatMap(ControlGroup.outOfMemoryKills(counter:)) ?? 0
        let exit = TaskExit(waitStatus: self.status ?? 0, outOfMemoryKills: kills, at: TaskSupervisor.now())
        try self.killRest(group)
        let deadline = Machine.now() + Self.drainLimit * 1_000_000
        while self.output.isOpen || self.errors.isOpen, Machine.now() < deadline {
            try self.poll(timeout: 50)
        }
        self.log.write([self.output.finish(), self.errors.finish()].compactMap { $0 })
        return exit
    }

    /// Waits for output or for the end of a child, and takes in the output.
    private mutating func poll(timeout: Int32) throws {
        var watched = [self.output.raw, self.errors.raw, self.children.raw].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        if Glibc.poll(&watched, nfds_t(watched.count), timeout) < 0, errno != EINTR {
            throw SystemError.last("poll")
        }
        if watched[0].revents != 0 { self.log.write(self.output.take()) }
        if watched[1].revents != 0 { self.log.write(self.errors.take()) }
        if watched[2].revents != 0 { _ = try self.children.read(atMost: 4096) }
    }

    /// Waits for all children that ended, orphans too; returns whether the task's process was among them.
    private mutating func reap() -> Bool {
        var status: Int32 = 0
        while true {
            let ended = waitpid(-1, &status, WNOHANG)
            if ended <= 0 { return self.status != nil }
            if ended == self.pid { self.status = status }
        }
    }

    /// Kills what the process started and left: a task is over when its first process is.
    private mutating func killRest(_ group: ControlGroup) throws {
        let (own, session) = (getpid(), self.pid)
        if group.directories.isEmpty {
            try ProcessTable.killAll { $0.session == session || $0.parent == own }
        } else {
            group.killAll()
        }
        _ = self.reap()
    }
}

extension StartFailure {
    /// Says of a failed launch what an operator can act upon.
    init(_ failure: ProcessLaunch.Failure, _ plan: LaunchPlan) {
        let reason = SystemError.text(of: failure.code)
        switch failure.step {
        case .exec where failure.code == ENOENT:
            let place = plan.arguments[0].contains("/") ? reason : "executable file not found in PATH"
            self.init(code: 127, cause: "exec \"\(plan.arguments[0])\": \(place)")
        case .exec: self.init(code: 126, cause: "exec \"\(plan.arguments[0])\": \(reason)")
        case .directory: self.init(code: 126, cause: "chdir \"\(plan.directory)\": \(reason)")
        case .user: self.init(code: 126, cause: "changing the user: \(reason)")
        case .cgroup: self.init(code: 125, cause: "joining its control group: \(reason)")
        case .session, .streams: self.init(code: 125, cause: "preparing the process: \(reason)")
        }
    }
}
