import Glibc

/// A set of processes under common limits: one directory in each hierarchy that takes part.
package struct ControlGroup: Sendable, Equatable {
    /// The group's directory in each hierarchy; its last part is the same in all.
    package var directories: [String]

    package init(directories: [String]) { self.directories = directories }

    /// Makes the directories, and the ones above them.
    package func create() throws {
        for directory in self.directories { try Files.makeDirectories(directory, mode: 0o755) }
    }

    /// The files through which a process joins: it writes "0" into each.
    package var members: [String] { self.directories.map { "\($0)/cgroup.procs" } }

    /// The processes in it, by number.
    package func processes() -> [Int32] {
        var found: Set<Int32> = []
        for directory in self.directories {
            guard let text = try? Files.readText("\(directory)/cgroup.procs") else { continue }
            found.formUnion(text.split(separator: "\n").compactMap { Int32($0) })
        }
        return found.sorted()
    }

    /// Kills all that is in it; returns when only zombies can be left.
    package func killAll() {
        for directory in self.directories where Files.exists("\(directory)/cgroup.kill") {
            if (try? Files.writeText("1", to: "\(directory)/cgroup.kill")) != nil { break }
        }
        // Version 1 has no such file, and a member of version 1 alone is not seen above.
        for round in 0..<100 {
            let left = self.processes().filter { ProcessTable.stat($0).map { $0.state != "Z" } ?? false }
            if left.isEmpty { return }
            for pid in left { kill(pid, SIGKILL) }
            if round > 2 { usleep(1_000) }
        }
    }

    /// Removes the directories; a group that is still emptying is tried again for up to `patience` milliseconds.
    package func remove(patience: Int = 1_000) throws {
        for directory in self.directories { try Self.removeDirectory(directory, patience: patience) }
    }

    private static func removeDirectory(_ directory: String, patience: Int) throws {
        var waited = 0
        while rmdir(directory) != 0 {
            if errno == ENOENT { return }
            guard errno == EBUSY, waited < patience else { throw SystemError.last("rmdir", directory) }
            // Groups that the task itself made stand below.
            for name in (try? Files.names(in: directory)) ?? [] { rmdir("\(directory)/\(name)") }
            usleep(2_000)
            waited += 2
        }
    }

    /// How often the kernel killed for lack of memory, as `counter` says: `memory.events` of version 2 or
    /// `memory.oom_control` of version 1; nil where the file is not there or does not say.
    package static func outOfMemoryKills(counter: String) -> Int? {
        guard let text = try? Files.readText(counter) else { return nil }
        return Self.outOfMemoryKills(parsing: text)
    }

    static func outOfMemoryKills(parsing text: String) -> Int? {
        for line in text.split(separator: "\n") where line.hasPrefix("oom_kill ") {
            return Int(line.dropFirst("oom_kill ".count))
        }
        return nil
    }
}
