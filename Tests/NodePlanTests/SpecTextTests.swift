import SwarmAPI
import SwiftProtobuf
import Testing

@testable import NodePlan

@Suite struct SignalsTests {
    @Test(arguments: [
        ("SIGTERM", Int32(15)), ("TERM", 15), ("term", 15), ("15", 15), ("SIGKILL", 9), ("HUP", 1),
        ("SIGSYS", 31),
        ("RTMIN", 34), ("SIGRTMIN+3", 37), ("SIGRTMAX-1", 63), ("SIGIOT", 6),
    ])
    func `a signal has a name or a number`(text: String, number: Int32) {
        #expect(Signals.number(text) == number)
    }

    @Test(arguments: ["", "0", "65", "-1", "SIG", "TERMINATE", "RTMIN-1", "RTMIN+31", "RTMAX+1", "RTMIN3"])
    func `anything else is none`(text: String) { #expect(Signals.number(text) == nil) }
}

@Suite struct EnvironmentTests {
    @Test(arguments: [
        (["A=1"], ["A=2"], ["A=2"]), (["A=1", "B=2"], ["A"], ["B=2"]), ([], ["A=1", "A", "A=3"], ["A=3"]),
        (["A=1"], ["B=x=y"], ["A=1", "B=x=y"]), ([], ["A="], ["A="]), ([], ["A"], []),
    ])
    func `a later value wins and a bare name removes`(base: [String], changes: [String], result: [String]) {
        #expect(Environment.merge(base: base, over: changes) == result)
    }
}

@Suite struct LogLimitsTests {
    private func limits(_ options: [String: String], name: String = "") throws -> LogLimits {
        try LogLimits(
            .with {
                $0.spec.logDriver = .with {
                    $0.name = name
                    $0.options = options
                }
            }
        )
    }

    @Test func `sizes are docker's`() throws {
        #expect(
            try self.limits(["max-size": "1m", "max-file": "5"]) == LogLimits(fileBytes: 1 << 20, files: 5)
        )
        #expect(LogLimits.bytes("12") == 12)
        #expect(LogLimits.bytes("3kB") == 3072)
        #expect(LogLimits.bytes("2G") == 2 << 30)
        #expect(LogLimits.bytes("99999999999999g") == nil)
        #expect(LogLimits.bytes("m") == nil)
    }

    @Test func `the cluster's driver serves where the spec has none`() throws {
        let task = SwarmTask.with { $0.logDriver = .with { $0.options = ["max-file": "7"] } }
        #expect(try LogLimits(task).files == 7)
        #expect(try self.limits(["max-file": "2"], name: "none").files == 0)
    }

    @Test(arguments: [
        (["max-size": "1"], "log_driver.options[max-size]"),
        (["max-file": "0"], "log_driver.options[max-file]"),
        (["tag": "x"], "log_driver.options[tag]"),
    ])
    func `an option that cannot be kept is refused by name`(options: [String: String], field: String) {
        #expect(#expect(throws: PlanError.self) { try self.limits(options) }?.field == field)
    }

    @Test func `a driver that is not there is refused`() {
        #expect(
            #expect(throws: PlanError.self) { try self.limits([:], name: "splunk") }?.field
                == "log_driver.name"
        )
    }
}
