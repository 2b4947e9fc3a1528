package import Replication
import Synchronization

/// A disk that keeps less than it shows: what was not synced may be lost with the power.
///
/// Sectors of 512 bytes are written whole, in any order. Names are durable when their directory is synced. A
/// process that is killed loses nothing; its open files are of no use to the next.
package final class SimulatedDisk: FileSystem {
    /// Where the files are.
    package static let root = "/state"

    private struct State: Sendable {
        var files: [Int: DiskFile] = [:]
        var names = DiskNames(root: SimulatedDisk.root)
        var nextFile = 0
        /// How many processes used the disk before the present one.
        var processes = 0
        var faults = DiskFaults()
        var hasCrashed = false
        var operations = 0
        var chance: Chance
    }

    private let state: Mutex<State>

    /// An empty disk, whose faults fall as `chance` has it.
    package init(_ chance: Chance) { self.state = Mutex(State(chance: chance)) }

    /// What is going to go wrong.
    package var faults: DiskFaults {
        get { self.state.withLock { $0.faults } }
        set { self.state.withLock { $0.faults = newValue } }
    }

    /// Whether the process died in an operation; every further one fails.
    package var hasCrashed: Bool { self.state.withLock { $0.hasCrashed } }

    /// How many operations changed something.
    package var operations: Int { self.state.withLock { $0.operations } }

    /// The process is gone; with `losingPower`, so is what was not synced.
    package func restart(losingPower: Bool) {
        self.state.withLock { state in
            state.processes += 1
            state.hasCrashed = false
            state.faults.operationsToCrash = nil
            state.faults.failsSync = false
            guard losingPower else { return }
            state.names.losePower(&state.chance)
            let reachable = state.names.files
            for number in state.files.keys.sorted() {
                if reachable.contains(number) {
                    state.files[number]?.losePower(&state.chance)
                } else {
                    state.files[number] = nil
                }
            }
        }
    }

    /// Turns a bit over in one of the files that `isCandidate` names; returns where.
    package func flipBit(where isCandidate: (String) -> Bool, in directory: String) -> String? {
        let names = self.state.withLock { $0.names.names(in: directory) }.filter(isCandidate)
        return self.state.withLock { state in
            guard let name = state.chance.pick(names), let number = state.names.file("\(directory)/\(name)"),
                let file = state.files[number], file.isClean, !file.bytes.isEmpty
            else { return nil }
            let offset = state.chance.number(in: 0...file.bytes.count - 1)
            let bit = state.chance.number(in: 0...7)
            state.files[number]?.flip(bit: bit, of: offset)
            return "bit \(bit) of byte \(offset) of \(directory)/\(name)"
        }
    }
}

// MARK: - Files

extension SimulatedDisk {
    package func createDirectory(_ path: String) throws(LogError) {
        try self.change("mkdir", path) { state throws(LogError) in state.names.makeDirectory(path) }
    }

    package func names(in directory: String) throws(LogError) -> [String] {
        try self.state.withLock { state throws(LogError) in
            try Self.check(state)
            guard state.names.isDirectory(directory) else { throw Self.missing("opendir", directory) }
            return state.names.names(in: directory)
        }
    }

    package func open(_ path: String, create: Bool) throws(LogError) -> any LogFile {
        guard create else { return try self.existing(path) }
        return try self.change("open", path) { state throws(LogError) in
            if let number = state.names.file(path) {
                state.files[number]?.resize(to: 0)
                return SimulatedFile(path: path, number: number, process: state.processes, disk: self)
            }
            guard !state.faults.isFull else { throw .io(operation: "open", path: path, code: Self.noSpace) }
            let number = state.nextFile
            state.nextFile += 1
            state.files[number] = DiskFile()
            state.names.link(path, to: number)
            return SimulatedFile(path: path, number: number, process: state.processes, disk: self)
        }
    }

    private func existing(_ path: String) throws(LogError) -> SimulatedFile {
        try self.state.withLock { state throws(LogError) in
            try Self.check(state)
            guard let number = state.names.file(path) else { throw Self.missing("open", path) }
            return SimulatedFile(path: path, number: number, process: state.processes, disk: self)
        }
    }

    package func lock(_ path: String) throws(LogError) -> any LogFile {
        let isThere = self.state.withLock { $0.names.file(path) != nil }
        return try self.open(path, create: !isThere)
    }

    package func rename(_ path: String, to target: String) throws(LogError) {
        try self.change("rename", path) { state throws(LogError) in
            guard state.names.file(path) != nil else { throw Self.missing("rename", path) }
            state.names.rename(path, to: target)
        }
    }

    package func remove(_ path: String) throws(LogError) {
        try self.change("unlink", path) { state throws(LogError) in
            guard state.names.file(path) != nil else { throw Self.missing("unlink", path) }
            state.names.unlink(path)
        }
    }

    package func syncDirectory(_ path: String) throws(LogError) {
        try self.change("fsync", path) { state throws(LogError) in state.names.sync(path) }
    }
}

// MARK: - Operations

extension SimulatedDisk {
    private static let ioError: Int32 = 5
    private static let noSpace: Int32 = 28
    private static let noEntry: Int32 = 2

    fileprivate func content(of file: SimulatedFile) throws(LogError) -> DiskFile {
        try self.state.withLock { state throws(LogError) in
            try Self.check(state, file)
            return state.files[file.number] ?? DiskFile()
        }
    }

    fileprivate func read(_ file: SimulatedFile, at offset: UInt64, count: Int) throws(LogError) -> [UInt8] {
        let bytes = try self.content(of: file).bytes
        let start = min(Int(offset), bytes.count)
        return Array(bytes[start..<min(start + count, bytes.count)])
    }

    fileprivate func write(_ bytes: [UInt8], to file: SimulatedFile, at offset: UInt64) throws(LogError) {
        try self.state.withLock { state throws(LogError) in
            try Self.check(state, file)
            let size = state.files[file.number]?.bytes.count ?? 0
            if state.faults.isFull, Int(offset) + bytes.count > size {
                throw .io(operation: "write", path: file.path, code: Self.noSpace)
            }
            do throws(LogError) { try Self.count(&state, "write", file.path) } catch {
                // The process died in the middle: some of it is in the file.
                let part = state.chance.number(in: 0...bytes.count)
                state.files[file.number]?.write(bytes.prefix(part), at: Int(offset))
                throw error
            }
            state.files[file.number]?.write(bytes, at: Int(offset))
        }
    }

    fileprivate func resize(_ file: SimulatedFile, to size: UInt64, growing: Bool) throws(LogError) {
        try self.state.withLock { state throws(LogError) in
            try Self.check(state, file)
            let present = state.files[file.number]?.bytes.count ?? 0
            if growing, Int(size) <= present { return }
            if state.faults.isFull, Int(size) > present {
                throw .io(operation: "fallocate", path: file.path, code: Self.noSpace)
            }
            try Self.count(&state, growing ? "fallocate" : "ftruncate", file.path)
            state.files[file.number]?.resize(to: Int(size))
        }
    }

    fileprivate func sync(_ file: SimulatedFile) throws(LogError) {
        try self.state.withLock { state throws(LogError) in
            try Self.check(state, file)
            try Self.count(&state, "fdatasync", file.path)
            guard state.faults.failsSync else {
                state.files[file.number]?.sync()
                return
            }
            state.faults.failsSync = false
            state.files[file.number]?.forgetChanges(showingThem: state.faults.showsUnwritten)
            throw .io(operation: "fdatasync", path: file.path, code: Self.ioError)
        }
    }

    private func change<Result>(
        _ operation: String,
        _ path: String,
        _ body: (inout sending State) throws(LogError) -> sending Result
    ) throws(LogError) -> sending Result {
        try self.state.withLock { state throws(LogError) in
            try Self.check(state)
            try Self.count(&state, operation, path)
            return try body(&state)
        }
    }

    private static func check(_ state: State, _ file: SimulatedFile? = nil) throws(LogError) {
        guard !state.hasCrashed else { throw .closed }
        guard let file else { return }
        guard file.process == state.processes else { throw .closed }
    }

    private static func count(_ state: inout State, _ operation: String, _ path: String) throws(LogError) {
        state.operations += 1
        guard let left = state.faults.operationsToCrash else { return }
        state.faults.operationsToCrash = left - 1
        guard left <= 0 else { return }
        state.hasCrashed = true
        throw .io(operation: "\(operation) (crash)", path: path, code: 0)
    }

    private static func missing(_ operation: String, _ path: String) -> LogError {
        .io(operation: operation, path: path, code: Self.noEntry)
    }
}

/// An open file of a simulated disk.
private struct SimulatedFile: LogFile {
    let path: String
    let number: Int
    let process: Int
    let disk: SimulatedDisk

    func size() throws(LogError) -> UInt64 { UInt64(try self.disk.content(of: self).bytes.count) }

    func mode() throws(LogError) -> UInt32 { 0o600 }

    func read(at offset: UInt64, count: Int) throws(LogError) -> [UInt8] {
        try self.disk.read(self, at: offset, count: count)
    }

    func write(_ bytes: [UInt8], at offset: UInt64) throws(LogError) {
        try self.disk.write(bytes, to: self, at: offset)
    }

    func allocate(_ size: UInt64) throws(LogError) { try self.disk.resize(self, to: size, growing: true) }

    func truncate(to size: UInt64) throws(LogError) { try self.disk.resize(self, to: size, growing: false) }

    func sync() throws(LogError) { try self.disk.sync(self) }
}
