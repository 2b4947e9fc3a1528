import Primitives
import SwarmAPI
import SwiftProtobuf
import Testing

@testable import NodePlan

@Suite struct LaunchPlanTests {
    @Test func `a plan survives its text form`() throws {
        let task = SwarmTask.with {
            $0.id = "t"
            $0.spec.container = .with {
                $0.image = "host"
                $0.args = ["sh", "-c", "echo \\n\n  two", ""]
                $0.env = ["A=ä\n\\"]
                $0.pidsLimit = 3
            }
        }
        let layout = CgroupLayout(controllers: ["pids": .init(isUnified: false, root: "/p")], tracker: nil)
        let cgroup = try CgroupPlan(limits: ResourceLimits(processes: 3), layout: layout, name: "t")
        let plan = LaunchPlan(
            try ProcessPlan(task, hostname: "h"),
            identity: .init(uid: 1, gid: 2, groups: [2, 3]),
            cgroup: cgroup
        )
        #expect(LaunchPlan(decoding: plan.encoded()) == plan)
    }

    @Test func `a text that says nothing to run is no plan`() {
        #expect(LaunchPlan(decoding: Array("task t\ndirectory /\n".utf8)) == nil)
    }
}

@Suite struct TaskExitTests {
    private let at = Timestamp(seconds: 5)

    @Test(arguments: [
        (Int32(0), 0, Int32(0), nil as String?), (3 << 8, 0, 3, nil), (9, 0, 137, "killed by SIGKILL"),
        (9, 1, 137, "out of memory"), (137 << 8, 0, 137, nil), (1 << 8, 1, 1, "out of memory"),
        (0, 1, 0, nil),
        (0x80 | 11, 0, 139, "killed by SIGSEGV"),
    ])
    func `a wait status becomes docker's code and a cause`(
        status: Int32,
        kills: Int,
        code: Int32,
        cause: String?
    ) {
        let exit = TaskExit(waitStatus: status, outOfMemoryKills: kills, at: self.at)
        #expect(exit.code == code)
        #expect(exit.cause == cause)
        #expect(TaskExit(decoding: exit.encoded()) == exit)
    }

    @Test func `what went wrong outside the process is its cause`() {
        let exit = TaskExit(code: 127, failure: "no such\nfile", at: self.at)
        #expect(exit.cause == "no such\nfile")
        #expect(TaskExit(decoding: exit.encoded()) == exit)
        #expect(TaskExit(decoding: []) == nil)
    }
}

@Suite struct FieldTextTests {
    @Test func `a line without its end was not written and is dropped`() {
        let text = FieldText(decoding: Array("a 1\nb 2".utf8))
        #expect(text.last("a") == "1")
        #expect(text.last("b") == nil)
    }

    @Test func `names repeat and the last one counts`() {
        let text = FieldText(decoding: Array("a 1\nnonsense\na 2\n".utf8))
        #expect(text.all("a") == ["1", "2"])
        #expect(text.number("a", as: Int.self) == 2)
    }
}

@Suite struct LogRecordTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000000000Z"),
        (951_782_400_000_000_001, "2000-02-29T00:00:00.000000001Z"),
        (1_763_890_200_123_456_789, "2025-11-23T09:30:00.123456789Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
    ])
    func `moments have the form of RFC 3339`(nanoseconds: Int64, text: String) {
        let moment = Timestamp(nanoseconds: nanoseconds)
        #expect(CalendarText.text(moment) == text)
        #expect(CalendarText.moment(text) == moment)
    }

    @Test func `a record is a line of the Container Runtime Interface`() {
        let record = LogRecord(
            source: .stderr,
            at: Timestamp(nanoseconds: 1),
            isPartial: true,
            text: Array("a  b ".utf8)
        )
        let line = record.encoded()
        #expect(String(decoding: line, as: UTF8.self) == "1970-01-01T00:00:00.000000001Z stderr P a  b \n")
        #expect(LogRecord(decoding: line.dropLast()) == record)
    }

    @Test(arguments: ["", "x", "1970-01-01T00:00:00.000000001Z stdlog F x", "1970-01-01 stdout F x"])
    func `what is no record is not read as one`(line: String) {
        #expect(LogRecord(decoding: Array(line.utf8)[...]) == nil)
    }
}

@Suite struct LineFramerTests {
    private let now = Timestamp(seconds: 1)

    @Test func `lines are put together from pieces`() {
        var framer = LineFramer(source: .stdout)
        #expect(framer.append(Array("ab".utf8), now: self.now).isEmpty)
        let records = framer.append(Array("c\n\nd".utf8), now: self.now)
        #expect(records.map { String(decoding: $0.text, as: UTF8.self) } == ["abc", ""])
        #expect(records.allSatisfy { !$0.isPartial })
        #expect(framer.finish(now: self.now)?.isPartial == true)
        #expect(framer.finish(now: self.now) == nil)
    }

    @Test func `a line longer than the limit becomes several records`() {
        var framer = LineFramer(source: .stdout)
        let records = framer.append([UInt8](repeating: 0x61, count: 40_000) + [0x0a], now: self.now)
        #expect(records.map(\.text.count) == [16_384, 16_384, 7_232])
        #expect(records.map(\.isPartial) == [true, true, false])
    }
}
