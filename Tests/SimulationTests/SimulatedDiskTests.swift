import GroupSimulation
import Replication
import Testing

@Suite struct SimulatedDiskTests {
    private let directory = SimulatedDisk.root

    private func disk(_ seed: UInt64) -> SimulatedDisk { SimulatedDisk(Chance(seed: seed, concern: "disk")) }

    private func make(_ name: String, _ bytes: [UInt8], on disk: SimulatedDisk) throws -> any LogFile {
        let file = try disk.open("\(self.directory)/\(name)", create: true)
        try file.write(bytes, at: 0)
        return file
    }

    private func read(_ name: String, on disk: SimulatedDisk) throws -> [UInt8] {
        let file = try disk.open("\(self.directory)/\(name)", create: false)
        return try file.read(at: 0, count: Int(file.size()))
    }

    @Test(arguments: 0..<20) func `what was synced with its directory survives a loss of power`(
        seed: UInt64
    ) throws {
        let disk = self.disk(seed)
        let bytes = [UInt8](repeating: 7, count: 3000)
        try self.make("a", bytes, on: disk).sync()
        try disk.syncDirectory(self.directory)
        disk.restart(losingPower: true)
        #expect(try self.read("a", on: disk) == bytes)
    }

    @Test func `what was not synced survives a kill but not every loss of power`() throws {
        var lost = 0
        for seed in 0..<40 as Range<UInt64> {
            let disk = self.disk(seed)
            let file = try self.make("a", [1], on: disk)
            try file.sync()
            try disk.syncDirectory(self.directory)
            try file.write([2], at: 0)
            disk.restart(losingPower: false)
            #expect(try self.read("a", on: disk) == [2])
            disk.restart(losingPower: true)
            if try self.read("a", on: disk) == [1] { lost += 1 }
        }
        #expect(1..<40 ~= lost)
    }

    @Test func `a torn write keeps whole sectors of either kind`() throws {
        var mixed = 0
        for seed in 0..<40 as Range<UInt64> {
            let disk = self.disk(seed)
            let file = try self.make("a", [UInt8](repeating: 1, count: 2048), on: disk)
            try file.sync()
            try disk.syncDirectory(self.directory)
            try file.write([UInt8](repeating: 2, count: 2048), at: 0)
            disk.restart(losingPower: true)
            let bytes = try self.read("a", on: disk)
            let sectors = stride(from: 0, to: 2048, by: 512).map { Set(bytes[$0..<$0 + 512]) }
            #expect(sectors.allSatisfy { $0.count == 1 })
            if Set(sectors).count == 2 { mixed += 1 }
        }
        #expect(mixed > 0)
    }

    @Test func `a name is lost with the power until its directory is synced`() throws {
        var lost = 0
        for seed in 0..<40 as Range<UInt64> {
            let disk = self.disk(seed)
            try self.make("a", [1], on: disk).sync()
            try disk.syncDirectory(self.directory)
            try self.make("b", [2], on: disk).sync()
            try disk.rename("\(self.directory)/b", to: "\(self.directory)/a")
            disk.restart(losingPower: true)
            if try self.read("a", on: disk) == [1] { lost += 1 }
        }
        #expect(1..<40 ~= lost)
    }

    @Test(arguments: [false, true]) func `a failed sync reports once and loses the bytes for good`(
        shown: Bool
    ) throws {
        let disk = self.disk(1)
        let file = try self.make("a", [1], on: disk)
        try file.sync()
        try disk.syncDirectory(self.directory)
        disk.faults.failsSync = true
        disk.faults.showsUnwritten = shown
        try file.write([2], at: 0)
        #expect(throws: LogError.self) { try file.sync() }
        try file.sync()
        #expect(try self.read("a", on: disk) == [shown ? 2 : 1])
        disk.restart(losingPower: true)
        #expect(try self.read("a", on: disk) == [1])
    }

    @Test func `a full disk refuses what would take more room`() throws {
        let disk = self.disk(1)
        let file = try self.make("a", [1, 2], on: disk)
        disk.faults.isFull = true
        try file.write([3], at: 0)
        #expect(throws: LogError.self) { try file.write([3], at: 2) }
        #expect(throws: LogError.self) { try file.allocate(100) }
        #expect(throws: LogError.self) { try disk.open("\(self.directory)/b", create: true) }
    }

    @Test func `a process that dies in an operation does no other`() throws {
        let disk = self.disk(1)
        let file = try self.make("a", [1], on: disk)
        disk.faults.operationsToCrash = 1
        try file.sync()
        #expect(throws: LogError.self) { try file.sync() }
        #expect(disk.hasCrashed)
        #expect(throws: LogError.closed) { try disk.names(in: self.directory) }
        disk.restart(losingPower: false)
        #expect(throws: LogError.closed) { try file.sync() }
        #expect(try disk.names(in: self.directory) == ["a"])
    }

    @Test(arguments: 0..<200) func `a log on it never loses what was appended, wherever the process dies`(
        seed: UInt64
    ) throws {
        var chance = Chance(seed: seed, concern: "test")
        let disk = self.disk(seed)
        var limits = LogLimits()
        limits.segmentBytes = 4096
        try disk.createDirectory("\(self.directory)/raft")
        try disk.syncDirectory(self.directory)
        var acknowledged: UInt64 = 0
        for _ in 0..<6 {
            disk.faults.operationsToCrash = chance.number(in: 0...40)
            do {
                var storage = try LogStorage(
                    directory: "\(self.directory)/raft",
                    fileSystem: disk,
                    limits: limits
                )
                #expect(storage.contents.lastIndex >= acknowledged)
                var last = storage.contents.lastIndex
                while true {
                    let entry = LogEntry(term: 1, index: last + 1, data: [UInt8](repeating: 1, count: 700))
                    try storage.log.append([.entry(entry)])
                    last += 1
                    acknowledged = last
                }
            } catch {
                guard disk.hasCrashed else { throw error }
            }
            disk.restart(losingPower: chance.happens(0.7))
        }
    }
}
