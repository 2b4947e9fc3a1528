import Testing

@testable import NodePlan

@Suite struct CgroupPlanTests {
    private static let unified = CgroupLayout.Hierarchy(isUnified: true, root: "/cg/swarmd")
    private static let old = ["memory", "cpu", "pids"].reduce(into: [:]) {
        $0[$1] = CgroupLayout.Hierarchy(isUnified: false, root: "/v1/\($1)/swarmd")
    }
    private static let all = ResourceLimits(memoryBytes: 4_194_304, nanoCPUs: 1_500_000_000, processes: 9)

    @Test func `version 2 has one directory`() throws {
        let layout = CgroupLayout(
            controllers: ["memory": Self.unified, "cpu": Self.unified, "pids": Self.unified],
            tracker: Self.unified
        )
        let plan = try CgroupPlan(limits: Self.all, layout: layout, name: "t")
        #expect(plan.directories == ["/cg/swarmd/t"])
        #expect(
            plan.settings == [
                .init(path: "/cg/swarmd/t/memory.max", value: "4194304"),
                .init(path: "/cg/swarmd/t/memory.swap.max", value: "0", isRequired: false),
                .init(path: "/cg/swarmd/t/memory.oom.group", value: "1", isRequired: false),
                .init(path: "/cg/swarmd/t/cpu.max", value: "150000 100000"),
                .init(path: "/cg/swarmd/t/pids.max", value: "9"),
            ]
        )
        #expect(plan.killCounter == "/cg/swarmd/t/memory.events")
    }

    @Test func `version 1 has a directory for each limit, beside the one of version 2 that follows`() throws {
        let layout = CgroupLayout(controllers: Self.old, tracker: Self.unified)
        let plan = try CgroupPlan(limits: Self.all, layout: layout, name: "t")
        #expect(
            plan.directories == [
                "/cg/swarmd/t", "/v1/memory/swarmd/t", "/v1/cpu/swarmd/t", "/v1/pids/swarmd/t",
            ]
        )
        #expect(
            plan.settings == [
                .init(path: "/v1/memory/swarmd/t/memory.limit_in_bytes", value: "4194304"),
                .init(
                    path: "/v1/memory/swarmd/t/memory.memsw.limit_in_bytes",
                    value: "4194304",
                    isRequired: false
                ),
                .init(path: "/v1/cpu/swarmd/t/cpu.cfs_period_us", value: "100000"),
                .init(path: "/v1/cpu/swarmd/t/cpu.cfs_quota_us", value: "150000"),
                .init(path: "/v1/pids/swarmd/t/pids.max", value: "9"),
            ]
        )
        #expect(plan.killCounter == "/v1/memory/swarmd/t/memory.oom_control")
    }

    @Test(arguments: [(Int64(1), "1000"), (10_000_000, "1000"), (20_000_000, "2000"), (.max, "9223372036")])
    func `a processor quota is never below what the kernel takes`(nanoCPUs: Int64, quota: String) throws {
        let layout = CgroupLayout(controllers: Self.old, tracker: nil)
        let plan = try CgroupPlan(limits: ResourceLimits(nanoCPUs: nanoCPUs), layout: layout, name: "t")
        #expect(plan.settings.last?.value == quota)
    }

    @Test(arguments: [
        (ResourceLimits(memoryBytes: 1), "limits.memory_bytes"),
        (ResourceLimits(nanoCPUs: 1), "limits.nano_cpus"),
        (ResourceLimits(processes: 1), "container.pidsLimit"),
    ])
    func `a limit that the machine cannot keep is refused by name`(limits: ResourceLimits, field: String) {
        let error = #expect(throws: PlanError.self) {
            try CgroupPlan(limits: limits, layout: CgroupLayout(controllers: [:], tracker: nil), name: "t")
        }
        #expect(error?.field == field)
    }

    @Test func `without limits and without control groups there is nothing to do`() throws {
        let plan = try CgroupPlan(
            limits: ResourceLimits(),
            layout: CgroupLayout(controllers: [:], tracker: nil),
            name: "t"
        )
        #expect(plan == CgroupPlan())
    }
}
