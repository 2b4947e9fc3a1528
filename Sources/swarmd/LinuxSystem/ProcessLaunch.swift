import CLinux
import Glibc

/// A program that a process without threads starts as its child.
package struct ProcessLaunch: Sendable {
    /// Which user and groups it runs as.
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

    /// The step at which a launch failed, and why.
    package struct Failure: Error, Equatable {
        /// What the child was doing.
        package enum Step: Int32, Sendable {
            case session = 1
            case cgroup, streams, user, directory, exec
        }
        package var step: Step
        package var code: Int32
    }

    package var arguments: [String]
    package var environment: [String]
    package var directory: String
    /// Nil: as this process.
    package var identity: Identity?
    /// Files of control groups into which the child writes itself.
    package var cgroups: [String]

    package init(
        arguments: [String],
        environment: [String],
        directory: String,
        identity: Identity?,
        cgroups: [String]
    ) {
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.identity = identity
        self.cgroups = cgroups
    }

    /// Forks and executes; returns when the program runs, or throws the `Failure` that the child met.
    ///
    /// The child dies with this process, is the leader of a session and has an empty standard input.
    package func start(output: borrowing Descriptor, errors: borrowing Descriptor) throws -> Int32 {
        let report = try Pipe()
        let groups = self.identity?.groups ?? []
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        for path in self.cgroups {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            if descriptor < 0 { throw SystemError.last("open", path) }
            descriptors.append(descriptor)
        }
        let writing = report.writing.raw
        let (outputEnd, errorEnd) = (output.raw, errors.raw)
        let pid = withCStrings(self.arguments) { arguments in
            withCStrings(self.environment) { environment in
                withCStrings(self.candidates) { candidates in
                    self.directory.withCString { directory in
                        descriptors.withUnsafeBufferPointer { cgroups in
                            groups.withUnsafeBufferPointer { groups in
                                var launch = swarmd_launch()
                                launch.candidates = UnsafeRawPointer(candidates)
                                    .assumingMemoryBound(to: UnsafePointer<CChar>?.self)
                                launch.argv = UnsafePointer(arguments)
                                launch.envp = UnsafePointer(environment)
                                launch.directory = directory
                                launch.cgroups = cgroups.baseAddress
                                launch.cgroup_count = Int32(cgroups.count)
                                launch.output = outputEnd
                                launch.errors = errorEnd
                                launch.report = writing
                                launch.changes_user = self.identity == nil ? 0 : 1
                                launch.uid = self.identity?.uid ?? 0
                                launch.gid = self.identity?.gid ?? 0
                                launch.groups = groups.baseAddress
                                launch.group_count = Int32(groups.count)
                                return swarmd_launch_process(&launch)
                            }
                        }
                    }
                }
            }
        }
        if pid < 0 { throw SystemError.last("fork") }
        try Self.confirm(report.keepReading(), of: pid)
        return pid
    }

    /// Waits until the child executed its program, which closes the pipe, or reported why it could not.
    private static func confirm(_ report: consuming Descriptor, of pid: Int32) throws {
        let bytes = try report.read(atMost: MemoryLayout<swarmd_launch_failure>.size) ?? []
        guard bytes.count == MemoryLayout<swarmd_launch_failure>.size else { return }
        let failure = bytes.withUnsafeBytes { $0.loadUnaligned(as: swarmd_launch_failure.self) }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        throw Failure(step: Failure.Step(rawValue: failure.step) ?? .exec, code: failure.error)
    }

    /// The files that the first argument may mean: itself if it has a slash, else one for each part of PATH.
    var candidates: [String] {
        let name = self.arguments.first ?? ""
        if name.contains("/") { return [name] }
        let path = self.environment.last { $0.hasPrefix("PATH=") }?.dropFirst("PATH=".count) ?? ""
        return path.split(separator: ":", omittingEmptySubsequences: false).map {
            $0.isEmpty ? name : "\($0)/\(name)"
        }
    }
}
