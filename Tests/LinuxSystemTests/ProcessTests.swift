import Glibc
import Testing

@testable import LinuxSystem

@Suite struct ProcessTests {
    @Test func `a process's name may hold anything`() throws {
        let fields = "S 7 8 9 0 -1 4194560 0 0 0 0 1 2 3 4 20 0 1 0 123456 1000"
        let stat = try #require(ProcessStat(parsing: "42 (a) R (b c) \(fields)"))
        #expect(stat.pid == 42)
        #expect(stat.state == "S")
        #expect(stat.parent == 7)
        #expect(stat.session == 9)
        #expect(stat.startTime == 123_456)
        #expect(ProcessStat(parsing: "garbage") == nil)
    }

    @Test func `a reference does not take another process of its number for its own`() throws {
        let own = try #require(ProcessReference(pid: getpid()))
        #expect(own.isAlive)
        var other = own
        other.startTime += 1
        #expect(!other.isAlive)
        #expect(try other.signal(0) == false)
        var earlier = own
        earlier.bootID = "another boot"
        #expect(!earlier.isAlive)
        #expect(try own.signal(0))
    }

    @Test func `open files are allowed as many as may be, and a detached program as many as before`()
        async throws
    {
        var (before, after) = (rlimit(), rlimit())
        try #require(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &before) == 0)
        let limit = try CurrentProcess.raiseOpenFiles()
        try #require(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &after) == 0)
        #expect(after.rlim_cur == before.rlim_max && limit == Int(after.rlim_cur))
        #expect(try CurrentProcess.raiseOpenFiles() == limit)
        let pipe = try Pipe()
        // A moment passes between the start of a program and its limit.
        let command = "sleep 0.2; ulimit -Sn >&3"
        try ChildReaper.adopt(try DetachedProgram.start(["/bin/sh", "-c", command], report: pipe.writing))
        let reading = pipe.keepReading()
        #expect(try await Readiness.waitUntilReadable(reading, timeout: .seconds(10)))
        #expect(try reading.read(atMost: 100) == Array("\(before.rlim_cur)\n".utf8))
    }

    @Test func `a detached program reports, is waited for and leaves no zombie`() async throws {
        let pipe = try Pipe()
        let pid = try DetachedProgram.start(["/bin/sh", "-c", "echo $$ >&3"], report: pipe.writing)
        try ChildReaper.adopt(pid)
        let reading = pipe.keepReading()
        #expect(try await Readiness.waitUntilReadable(reading, timeout: .seconds(10)))
        #expect(try reading.read(atMost: 100) == Array("\(pid)\n".utf8))
        let deadline = ContinuousClock.now + .seconds(10)
        while ProcessTable.stat(pid) != nil, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(2))
        }
        #expect(ProcessTable.stat(pid) == nil)
    }

    @Test func `a wait for a descriptor ends in time`() async throws {
        let pipe = try Pipe()
        #expect(try await !Readiness.waitUntilReadable(pipe.reading, timeout: .milliseconds(5)))
        try pipe.writing.write([1])
        #expect(try await Readiness.waitUntilReadable(pipe.reading))
    }

    @Test func `a cancelled wait for a descriptor throws`() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    let pipe = try Pipe()
                    _ = try await Readiness.waitUntilReadable(pipe.reading)
                }
            }
            group.cancelAll()
        }
    }

    @Test func `a program without a slash is looked for in its own PATH`() {
        let launch = ProcessLaunch(
            arguments: ["ls"],
            environment: ["PATH=/a::/b"],
            directory: "/",
            identity: nil,
            cgroups: []
        )
        #expect(launch.candidates == ["/a/ls", "ls", "/b/ls"])
    }
}

@Suite struct MachineTests {
    @Test func `the machine's memory is read from the kernel's text`() {
        #expect(Machine.memory(parsing: "MemTotal:       2048 kB\nMemFree: 1 kB\n") == 2_097_152)
        #expect(Machine.memory(parsing: "") == nil)
        #expect(Machine.processors() >= 1)
        #expect(Machine.bootID().count == 36)
    }

    @Test func `users are found by name and number`() throws {
        let root = try #require(UserDatabase.user("root"))
        #expect(root.uid == 0)
        #expect(UserDatabase.user("0") == root)
        #expect(UserDatabase.user("no-such-user") == nil)
        #expect(UserDatabase.group("root") == 0)
        #expect(UserDatabase.group("4242") == 4242)
        #expect(UserDatabase.groups(of: "root", gid: 0).contains(0))
    }
}
