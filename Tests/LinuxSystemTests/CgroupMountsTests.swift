import Testing

@testable import LinuxSystem

@Suite struct CgroupMountsTests {
    @Test func `both versions are found side by side`() {
        let mounts = CgroupMounts.parse(
            mountinfo: """
                20 1 0:1 / / rw - ext4 /dev/vda rw
                31 25 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct
                32 25 0:29 / /sys/fs/cgroup/memory rw shared:10 - cgroup cgroup rw,memory
                33 25 0:29 / /elsewhere rw shared:10 - cgroup cgroup rw,memory
                34 25 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate
                """
        )
        #expect(mounts.unified == "/sys/fs/cgroup/unified")
        #expect(mounts.controllers["cpu"] == .init(isUnified: false, path: "/sys/fs/cgroup/cpu,cpuacct"))
        #expect(mounts.controllers["memory"] == .init(isUnified: false, path: "/sys/fs/cgroup/memory"))
        #expect(mounts.controllers["pids"] == nil)
    }

    @Test(arguments: [
        ("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n", 2 as Int?),
        ("low 0\nmax 5\noom 1\noom_kill 0\n", 0),
        ("oom_kill_disable 0\n", nil),
    ])
    func `kills for lack of memory are counted in both versions`(text: String, count: Int?) {
        #expect(ControlGroup.outOfMemoryKills(parsing: text) == count)
    }
}
