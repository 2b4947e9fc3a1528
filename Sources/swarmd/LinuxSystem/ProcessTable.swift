import Glibc

/// What `/proc/PID/stat` tells of a process.
package struct ProcessStat: Sendable, Equatable {
    package var pid: Int32
    /// The kernel's letter for what it does: `R` runs, `S` sleeps, `Z` is a zombie.
    package var state: Character
    package var parent: Int32
    package var session: Int32
    /// Clock ticks from the machine's start to the process's.
    package var startTime: UInt64

    /// Reads the kernel's line; the process's name in it may hold spaces and parentheses.
    package init?(parsing line: String) {
        guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close else {
            return nil
        }
        let fields = line[line.index(after: close)...].split(whereSeparator: { $0 == " " || $0 == "\n" })
        guard let pid = Int32(line[..<open].filter { $0 != " " }), fields.count > 19,
            let state = fields[0].first, let parent = Int32(fields[1]), let session = Int32(fields[3]),
            let startTime = UInt64(fields[19])
        else { return nil }
        self.pid = pid
        self.state = state
        self.parent = parent
        self.session = session
        self.startTime = startTime
    }
}

/// The machine's processes.
package enum ProcessTable {
    /// What is known of a process; nil where there is none of that number.
    package static func stat(_ pid: Int32) -> ProcessStat? {
        guard let line = try? Files.readText("/proc/\(pid)/stat") else { return nil }
        return ProcessStat(parsing: line)
    }

    /// All processes, by number.
    package static func all() throws -> [ProcessStat] {
        try Files.names(in: "/proc").compactMap(Int32.init).sorted().compactMap(Self.stat)
    }

    /// Kills every process for which `condition` holds, until none is left that is not a zombie.
    ///
    /// A process may fork while it is looked for, hence the rounds; 100 of them end any tree that is not
    /// faster than the kernel itself.
    package static func killAll(where condition: (ProcessStat) -> Bool) throws {
        for round in 0..<100 {
            let left = try Self.all().filter { $0.state != "Z" && condition($0) }
            if left.isEmpty { return }
            for process in left { kill(process.pid, SIGKILL) }
            if round > 2 { usleep(1_000) }
        }
    }
}
